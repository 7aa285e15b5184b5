from odoo import models

from .mail_activity import OURS


class ResUsers(models.Model):
    """Who leaves hands on what he had to do: Odoo deletes the to-dos of a user it archives."""

    _inherit = "res.users"

    def action_archive(self):
        self._hand_dunning_todos_on()
        return super().action_archive()

    def write(self, vals):
        if vals.get("active", True) is False:
            self._hand_dunning_todos_on()
        return super().write(vals)

    def _hand_dunning_todos_on(self):
        """Give to others what these users have to do on our documents: time limits run on."""
        activities = self.env["mail.activity"].sudo()
        todos = activities.search(
            [("user_id", "in", self.ids), ("res_model", "=like", f"{OURS}%")]
        ).with_context(mail_activity_quick_update=True)  # no e-mail for each
        for todo in todos:
            document = self.env[todo.res_model].sudo().browse(todo.res_id).exists()
            deputy = document and activities._get_dunning_deputy(document, leaving=self.ids)
            if deputy:
                todo.user_id = deputy
