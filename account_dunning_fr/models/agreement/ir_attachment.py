from odoo import models


class IrAttachment(models.Model):
    """Files that a customer sent from his page stay as they were received."""

    _inherit = "ir.attachment"

    def _get_dunning_received(self):
        """Add the files of requests: like those of a reply, they are the sender's word."""
        received = super()._get_dunning_received()
        requests = self.env["account.dunning.request"]
        beside = self.sudo().filtered(lambda file: file.res_model == requests._name)
        if not beside:
            return received
        with_files = requests.sudo().search([("file_ids", "in", beside.ids)])
        return received | (with_files.file_ids & beside).with_env(self.env)
