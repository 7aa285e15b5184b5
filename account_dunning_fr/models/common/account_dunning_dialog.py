from odoo import api, models


class AccountDunningDialog(models.AbstractModel):
    """A wizard that accepts only records its user may read.

    What a wizard does with them is often done as superuser, and Odoo shows the name of any record
    that a wizard contains.
    """

    _name = "account.dunning.dialog"
    _description = "Dialog on Records of One's Own"

    @api.model_create_multi
    def create(self, vals_list):
        dialogs = super().create(vals_list)
        dialogs._check_taken(set().union(*vals_list))
        return dialogs

    def write(self, vals):
        result = super().write(vals)
        self._check_taken(set(vals))
        return result

    def _check_taken(self, names):
        """Check the records passed to the wizard; those it found itself are not checked.

        :param set names: names of the fields that were written
        :raise AccessError: if the user may not read one of the records
        """
        if self.env.su:
            return
        context = self.env.context
        for name, field in self._fields.items():
            if not (field.relational and field.store) or field.related:
                continue
            if not field.compute or name in names or f"default_{name}" in context:
                taken = self.sudo()[name].sudo(False)
                if field.comodel_name == "res.company":  # a user of a branch works for its creditor
                    taken -= self.env.companies.sudo().dunning_creditor_id.sudo(False)
                taken.check_access("read")
