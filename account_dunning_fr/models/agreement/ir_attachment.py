from odoo import models


class IrAttachment(models.Model):
    """What a customer sent on his page stays as it came."""

    _inherit = "ir.attachment"

    def _get_dunning_received(self):
        """The files that came with a request are its sender's word, as the files of an answer."""
        received = super()._get_dunning_received()
        requests = self.env["account.dunning.request"]
        beside = self.sudo().filtered(lambda file: file.res_model == requests._name)
        if not beside:
            return received
        with_files = requests.sudo().search([("file_ids", "in", beside.ids)])
        return received | (with_files.file_ids & beside).with_env(self.env)
