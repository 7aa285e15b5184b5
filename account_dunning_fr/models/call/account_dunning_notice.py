from odoo import api, fields, models

from ..notice.states import NO_CONTACT


class AccountDunningNotice(models.Model):
    """The call that accompanies a notice, or that is the notice."""

    _inherit = "account.dunning.notice"

    call_ids = fields.One2many("account.dunning.call", "notice_id", string="Calls")

    @api.depends("call_ids.state", "call_ids.outcome")
    def _compute_has_left(self):
        return super()._compute_has_left()

    def _reached_otherwise(self):
        called = any(
            call.state == "done" and call.outcome != NO_CONTACT for call in self.sudo().call_ids
        )
        return super()._reached_otherwise() or called

    def _find_reached(self):
        reached = super()._find_reached()
        calls = self.sudo().call_ids
        if calls and "done" not in calls.mapped("state"):
            reached["make_call"] = False
        return reached

    def _leaves_otherwise(self):
        """Whether the notice is more than a call."""
        self.ensure_one()
        return self.send_email or self._goes_on_paper()

    def _on_sent(self):
        self.filtered(lambda notice: notice.make_call and notice._leaves_otherwise())._plan_calls()
        return super()._on_sent()

    def _on_taken_back(self):
        calls = self.env["account.dunning.call"].sudo()
        calls.search([("notice_id", "in", self.ids), ("state", "=", "todo")])._cancel()
        return super()._on_taken_back()

    def _plan_calls(self):
        """Put the customers on today's call list; at most one pending call per customer.

        The notice says where each call comes from, and its caller has an activity for it: there is
        no other notification.
        """
        calls = self.env["account.dunning.call"].sudo()
        vals_list = []
        for creditor, notices in self.grouped("company_id").items():
            waiting = calls._get_waiting(notices.partner_id, creditor).grouped("partner_id")
            broken = notices.partner_id.sudo()._count_dunning_broken_promises(creditor)
            for notice in notices:
                if call := waiting.get(notice.partner_id):
                    call.notice_id = notice
                else:
                    vals_list.append(notice._prepare_call_vals(broken[notice.partner_id.id]))
        calls.with_context(tracking_disable=True).create(vals_list)

    def _prepare_call_vals(self, broken):
        """Return the values of the call that accompanies a notice.

        :param int broken: number of the customer's broken promises
        """
        self.ensure_one()
        days = max(self.line_ids.filtered("claimed").mapped("days_late"), default=0)
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "notice_id": self.id,
            "user_id": self.user_id.id or self.sent_by.id,
            **self.env["account.dunning.call"]._prepare_figures(self.amount_total, days, broken),
        }

    def _count_call(self, user):
        """Count a notice that consists only of a call as sent, once the call was made.

        :param user: ``res.users`` who called
        """
        self.ensure_one()
        if self._leaves_otherwise():
            return
        self._freeze_and_send(user, otherwise={"state": "sent"})
