from odoo import api, fields, models
from odoo.tools import format_date

from ...core.working_days import ONE_DAY
from ..common.account_dunning_run import recorded
from ..common.creditors_day import creditors_day


class AccountDunningExpiry(models.AbstractModel):
    """What follows the deadline of a formal notice: reported once, if it is unpaid."""

    _name = "account.dunning.expiry"
    _inherit = ["account.dunning.guarded"]
    _description = "Deadline of a Formal Notice"

    expired_on = fields.Date(
        string="Expired on",
        readonly=True,
        copy=False,
        help="Day on which the formal notice was found unpaid after its deadline.",
    )
    expiry_activity_id = fields.Many2one(
        "mail.activity",
        string="To-do of the expiry",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )

    @api.model
    def _get_expired_items(self, creditors=None, today=None, partners=None):
        """Return the items still owed after the deadline of their formal notice, not on hold.

        The plan decides what is owed and may be chased: payments, credits, holds and exclusions
        count as they do for a reminder.

        :param creditors: ``res.company`` records, all of the user's by default
        :param date today: today by default
        :param partners: only these customers
        :return: ``account.move.line`` records
        """
        today = today or creditors_day(self)
        domain = [
            ("stands", "=", True),
            ("notice_id.deadline", "<", today),
            ("move_line_id.reconciled", "=", False),
        ]
        if creditors is not None:
            domain.append(("company_id", "in", creditors.ids))
        if partners is not None:
            domain.append(("partner_id", "in", partners.ids))
        lines = self.env["account.dunning.notice.line"].search(domain)
        lines = lines.filtered(lambda line: line.cycle == line.move_line_id.dunning_cycle)
        items = self.env["account.move.line"]
        for creditor, group in lines.grouped("company_id").items():
            rows = self.env["account.dunning.plan"].sudo()
            rows = rows._simulate(creditor, partners=group.partner_id)
            owed = {
                row.move_line_id
                for row in rows
                if not row.stop and row.residual > row.credit_amount
            }
            items |= group.move_line_id.filtered(lambda item, owed=owed: item.id in owed)
        return items

    @api.model
    @recorded("expire")
    def _cron_expire(self):
        """Ask the person in charge what comes next, once for each expired formal notice."""
        notices = self.search(
            [
                ("line_ids.stands", "=", True),
                ("deadline", "<", fields.Date.today() + ONE_DAY),  # it is tomorrow somewhere
                ("expired_on", "=", False),
            ]
        ).filtered(lambda notice: notice.deadline < notice.company_id._get_dunning_today())
        self.env["ir.cron"]._commit_progress(remaining=len(notices))
        for creditor, group in notices.grouped("company_id").items():
            with self.env["account.dunning.run"]._working_for(creditor, group) as (today, local):
                if not local._expire_unpaid(creditor, today):
                    return

    def _expire_unpaid(self, creditor, today):
        """Mark the formal notices of one creditor that are still unpaid as expired.

        :return: whether the scheduled action has time left
        """
        owed = self._get_expired_items(creditor, today, self.partner_id)
        for notice in self:
            claimed = notice.line_ids.filtered("claimed").move_line_id
            if claimed & owed:
                notice._expire(today)
            if not self.env["ir.cron"]._commit_progress(1):
                return False
        return True

    def _expire(self, today):
        """Record that the formal notice expired unpaid, and schedule an activity.

        :param date today: the day on which that was found
        """
        self.ensure_one()
        self.expired_on = today
        speaking = self._in_dunning_lang()
        self.expiry_activity_id = speaking.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self.user_id.id or self.company_id.dunning_user_id.id or self.sent_by.id,
            summary=speaking.env._("Formal notice expired"),
            note=speaking.env._(
                "The deadline of %(deadline)s passed without payment: decide what comes next. "
                "Its invoices are under « To hand over ».",
                deadline=format_date(speaking.env, self.deadline),
            ),
        )
