from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..common.account_dunning_change import SHOWN_DAYS


class ResCompany(models.Model):
    """The policy of a company, its tracked settings, and the account on its letters."""

    _name = "res.company"
    _inherit = ["res.company", "account.dunning.tracked"]

    dunning_policy_id = fields.Many2one(
        "account.dunning.policy",
        string="Default dunning policy",
        default=lambda self: self._default_dunning_policy_id(),
        ondelete="restrict",
    )
    dunning_iban = fields.Char(
        string="Account on the letters",
        readonly=True,
        copy=False,
        help="The account that letters bear where an invoice names none of the creditor's: "
        "followed, so that a change is seen.",
    )

    @api.model
    def _default_dunning_policy_id(self):
        return self.env.ref("account_dunning_fr.policy_france_standard", raise_if_not_found=False)

    def _get_dunning_policy(self):
        """Return the policy of customers without one of their own; may be empty."""
        self.ensure_one()
        return self.sudo().dunning_policy_id.filtered("active")

    def _on_dunning_represented(self):
        """Copy the policies set on the creditor's customers to this branch."""
        self.ensure_one()
        partners = self.env["res.partner"]
        partners.flush_model(["dunning_policy_id"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner
                   SET dunning_policy_id = NULLIF(
                       CASE WHEN dunning_policy_id ? %(creditor)s
                       THEN dunning_policy_id || jsonb_build_object(
                           %(branch)s, dunning_policy_id -> %(creditor)s)
                       ELSE dunning_policy_id - %(branch)s END, '{}')
                 WHERE dunning_policy_id ?| ARRAY[%(creditor)s, %(branch)s]
                   AND dunning_policy_id -> %(creditor)s
                       IS DISTINCT FROM dunning_policy_id -> %(branch)s
                """,
                creditor=str(self.dunning_creditor_id.id),
                branch=str(self.id),
            )
        )
        partners.invalidate_model(["dunning_policy_id"])

    @api.model
    def _is_dunning_tracked(self, name):
        return name.startswith("dunning_") and super()._is_dunning_tracked(name)

    def _log_dunning_changes(self, kind):
        """Log nothing: a company is not a setting of ours, only its dunning fields are."""

    def _follow_dunning_account(self):
        """Record the account on the letters of these companies' creditors, if it has changed."""
        for creditor in self.sudo().dunning_creditor_id:
            number = creditor._get_dunning_bank_account().acc_number or False
            if creditor.dunning_iban != number:
                creditor.dunning_iban = number

    def _get_dunning_account_warning(self, today):
        """Return who recently changed the account on the letters, for the user, or False.

        :param date today: the current day
        """
        self.ensure_one()
        change = self.env["account.dunning.change"].sudo()
        change = change.search(
            [
                ("company_id", "=", self.id),
                ("field_name", "=", "dunning_iban"),
                ("create_date", ">=", fields.Date.subtract(today, days=SHOWN_DAYS)),
            ],
            limit=1,
        )
        return bool(change) and self.env._(
            "%(user)s changed the account on the letters on %(date)s, from %(old)s to %(new)s: "
            "check that it is yours.",
            user=change.create_uid.name,
            date=format_date(self.env, self._get_dunning_day(change.create_date)),
            old=change.old_value or self.env._("none"),
            new=change.new_value or self.env._("none"),
        )
