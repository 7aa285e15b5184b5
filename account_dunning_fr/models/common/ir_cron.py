from odoo import api, models


class IrCron(models.Model):
    _inherit = "ir.cron"

    @api.model
    def _commit_progress(self, processed=0, *, remaining=None, deactivate=False):
        """Commit the progress of a dunning run together with each of its steps."""
        run = self.env["account.dunning.run"]._get_current()
        if run and (processed or remaining is not None):
            run._advance(processed, remaining)
        return super()._commit_progress(processed, remaining=remaining, deactivate=deactivate)
