from odoo import models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_layout(self):
        """Print the letters of this addon on a page that needs nothing from the network.

        Odoo's own page loads style sheets over HTTP while rendering: seconds per letter, and a
        letter without style where the server cannot reach itself.
        """
        if len(self) == 1 and (self.report_name or "").startswith("account_dunning_fr."):
            return self.env.ref("account_dunning_fr.letter_page")
        return super()._get_layout()
