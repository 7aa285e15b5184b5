from odoo import fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "account.dunning.plausible.ours", "account.dunning.guarded.odoo"]

    dunning_retention_active = fields.Boolean(
        string="Empty what is no longer to be kept",
        writer="code",
        help="Off after the installation. A dunning manager switches it on, once he has looked at "
        "the list of what would be emptied.",
    )

    def _switch_dunning_retention(self, active):
        """Switch the clean-up of a company on or off.

        :raise UserError: unless the user is a dunning manager
        """
        if not self.env.user.has_group("account_dunning_fr.group_dunning_manager"):
            raise UserError(self.env._("Only a dunning manager switches the clean-up on or off."))
        self.sudo().dunning_retention_active = active
