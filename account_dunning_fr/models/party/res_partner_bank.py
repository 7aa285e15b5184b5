from odoo import api, fields, models

from ...core.rib import has_wrong_key


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    dunning_wrong_key = fields.Boolean(
        string="Wrong RIB key",
        compute="_compute_dunning_wrong_key",
        help="The key in this French IBAN is not the one of its bank, branch and account. "
        "Odoo does not look at it.",
    )

    @api.depends("acc_number")
    def _compute_dunning_wrong_key(self):
        for account in self:
            account.dunning_wrong_key = has_wrong_key(account.acc_number)
