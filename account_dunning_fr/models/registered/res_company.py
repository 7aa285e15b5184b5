from odoo import api, fields, models

from .account_dunning_registered_provider import PREFIX


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_registered_provider = fields.Selection(
        selection="_get_dunning_registered_providers",
        string="Registered letters",
        default="manual",
        required=True,
        help="Who posts them. By hand: printed here, posted by you, their numbers typed or "
        "scanned. A provider is offered once its addon is installed.",
    )

    @api.model
    def _get_dunning_registered_providers(self):
        names = sorted(name for name in self.env.registry if name.startswith(PREFIX))
        return [(name.removeprefix(PREFIX), self.env[name]._get_label()) for name in names]

    def _get_dunning_registered_provider(self):
        """Return the model of this company's provider of registered letters."""
        self.ensure_one()
        return self.env[PREFIX + self.dunning_registered_provider]
