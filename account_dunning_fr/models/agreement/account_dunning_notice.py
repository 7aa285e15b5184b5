from odoo import api, fields, models

from ...core.promises import BROKEN, PARTLY


class AccountDunningNotice(models.Model):
    """What a notice says of the promises that were not kept, and the call that goes with it."""

    _inherit = "account.dunning.notice"

    recalled_promise_ids = fields.Many2many(
        "account.dunning.promise",
        string="Promises recalled",
        compute="_compute_recalled_promise_ids",
        compute_sudo=True,
        help="Promises that were not kept, each recalled in one message only, the oldest first.",
    )

    @api.depends(
        "state",
        "kind",
        "line_ids.claimed",
        "line_ids.left_out",
        "partner_id.dunning_promise_ids.state",
        "partner_id.dunning_promise_ids.mentioned_in_id",
    )
    def _compute_recalled_promise_ids(self):
        """What a message said stays; a live one recalls the broken promises of what it claims."""
        closed = self.filtered(lambda notice: notice.state in ("sent", "cancelled"))
        promises = self.env["account.dunning.promise"].search(
            [
                "|",
                ("mentioned_in_id", "in", closed.ids),
                "&",
                ("partner_id", "in", (self - closed).partner_id.ids),
                ("state", "in", (BROKEN, PARTLY)),
            ],
            order="date_promised, id",
        )
        for notice in self:
            own = notice._origin
            if notice in closed:
                recalled = promises.filtered(
                    lambda promise, own=own: promise.mentioned_in_id == own
                )
            else:
                recalled = notice._pick_recalled(promises)
            notice.recalled_promise_ids = recalled

    def _pick_recalled(self, promises):
        """Return those of these broken promises that this live message recalls."""
        self.ensure_one()
        if self.kind == "courtesy":
            return promises.browse()
        items = self.line_ids.filtered(lambda line: line.claimed and not line.left_out).move_line_id
        return promises.filtered(
            lambda promise: (
                promise.company_id == self.company_id
                and promise.partner_id == self.partner_id
                and promise.mentioned_in_id in (self.browse(), self._origin)
                and promise.item_ids & items
            )
        )

    def _freeze(self, user, on=None):
        # The letter is printed while freezing, and the e-mail is written after it.
        promises = {notice: notice.sudo().recalled_promise_ids for notice in self}
        result = super()._freeze(user, on)
        for notice, recalled in promises.items():
            recalled.mentioned_in_id = notice.id
        return result

    def _after_sending(self, called=False):
        result = super()._after_sending(called)
        if not called:
            self.filtered("make_call")._plan_calls()
        return result

    def _plan_calls(self):
        """Put the customers on the list of the calls of today; one open call a customer."""
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
        calls.create(vals_list)

    def _prepare_call_vals(self, broken):
        """Return the values of the call that goes with a notice.

        :param int broken: promises that the customer did not keep
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
        """Count a message that consists of a call alone as sent, the call being made.

        :param user: ``res.users`` who called
        """
        self.ensure_one()
        if self.send_email or self.send_letter or self.send_registered:
            return
        self._freeze(user)
        self.write({"state": "sent"})
        self._after_sending(called=True)

    def _recall(self, reason):
        self.env["account.dunning.promise"].sudo().search(
            [("mentioned_in_id", "in", self.ids)]
        ).mentioned_in_id = False
        self.env["account.dunning.call"].sudo().search(
            [("notice_id", "in", self.ids), ("state", "=", "todo")]
        )._cancel()
        return super()._recall(reason)
