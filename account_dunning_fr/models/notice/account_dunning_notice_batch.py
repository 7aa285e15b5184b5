from odoo import models


class AccountDunningNotice(models.Model):
    _inherit = "account.dunning.notice"

    def write(self, vals):
        result = super().write(vals)
        if "printed_on" in vals and not vals["printed_on"]:
            self._drop_letters_to_post()
        return result
