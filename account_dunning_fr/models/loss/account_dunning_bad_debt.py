from odoo import api, models
from odoo.exceptions import AccessError, UserError

MANAGER = "account_dunning_fr.group_dunning_manager"
PROPOSERS = ("account.group_account_user", MANAGER)


class AccountDunningBadDebt(models.AbstractModel):
    """What closing lines and the VAT to recover share: who may do what, and how it is undone.

    Accountants prepare; managers book and undo, and must say why they undo.
    """

    _name = "account.dunning.bad.debt"
    _description = "Bad Debt"

    @api.model
    def _check_proposes(self):
        """:raise AccessError: unless the user may prepare closings and the VAT to recover"""
        if not self.env.su and not any(map(self.env.user.has_group, PROPOSERS)):
            raise AccessError(
                self.env._("Only accountants prepare closings and the VAT to get back.")
            )

    @api.model
    def _check_manages(self):
        """:raise AccessError: unless the user may book and undo them"""
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only dunning managers book and undo closings and the VAT to get back.")
            )

    def _check_undo_reason(self):
        """:raise UserError: where one of these records does not say why it is undone"""
        if any(not (record.undo_reason or "").strip() for record in self):
            raise UserError(self.env._("Say first why it is undone."))

    def _reverse_entry(self, entry, ref, has_tax):
        """Reverse an entry on its own date, or on the first open day if that one is locked.

        :param entry: ``account.move``, posted
        :param str ref: reference of the reversal
        :param bool has_tax: whether the lock of the tax report counts too
        """
        day = self.company_id._get_dunning_open_day(entry.date, entry.journal_id, has_tax)
        entry._reverse_moves([{"date": day, "ref": ref}], cancel=True)

    @api.model
    def _with_lang(self, company):
        return self.with_context(lang=company.partner_id._get_dunning_lang())
