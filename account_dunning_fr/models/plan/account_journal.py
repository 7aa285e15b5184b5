from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AccountJournal(models.Model):
    """Up to which day a bank account is known, so that customers who have paid are not chased."""

    _inherit = "account.journal"

    dunning_idle = fields.Boolean(
        string="Account without movement",
        help="Nothing is expected on this account: an old last line does not stop the reminders.",
    )
    dunning_idle_until = fields.Date(
        string="Until",
        help="The age of its statements is looked at again after this day.",
    )

    @api.constrains("dunning_idle", "dunning_idle_until")
    def _check_dunning_idle(self):
        if any(journal.dunning_idle and not journal.dunning_idle_until for journal in self):
            raise ValidationError(
                self.env._("Say until when the account is without movement: the check comes back.")
            )

    def _is_dunning_idle(self, today):
        """Whether somebody declared that the account has no movements on this day.

        :param date today: the day of the check
        """
        self.ensure_one()
        return self.dunning_idle and self.dunning_idle_until >= today

    def _get_dunning_last_days(self):
        """Return up to which day each account is known: its last line, or the end of a statement.

        A statement may end after its last line if nothing happened since.

        :return: ``{journal: date}``, for journals that have lines
        """
        found = {}
        for model in ("account.bank.statement.line", "account.bank.statement"):
            rows = (
                self.env[model]
                .sudo()
                ._read_group(
                    [("journal_id", "in", self.ids), ("date", "!=", False)],
                    ["journal_id"],
                    ["date:max"],
                )
            )
            for journal, last in rows:
                found[journal] = max(last, found.get(journal, last))
        return found
