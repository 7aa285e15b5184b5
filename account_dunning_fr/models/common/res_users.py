from odoo import api, models

from .mail_activity import OURS


class ResUsers(models.Model):
    """Hand on the activities of users who leave.

    Odoo deletes the activities of archived users, and the database those of deleted users.
    """

    _inherit = "res.users"

    def action_archive(self):
        self._hand_dunning_todos_on()
        return super().action_archive()

    def write(self, vals):
        if not vals.get("active", True):
            self._hand_dunning_todos_on()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_without_dunning_todos(self):
        self._hand_dunning_todos_on()

    def _hand_dunning_todos_on(self):
        """Reassign our activities of these users: time limits go on."""
        activities = self.env["mail.activity"].sudo()
        todos = activities.search(
            [
                ("user_id", "in", self.ids),
                "|",
                ("res_model", "=like", f"{OURS}%"),
                ("activity_type_id", "in", list(activities._get_dunning_types())),
            ]
        ).with_context(mail_activity_quick_update=True)  # no e-mail for each
        for todo in todos:
            document = self.env[todo.res_model].sudo().browse(todo.res_id).exists()
            deputy = document and activities._get_dunning_deputy(
                document, todo.user_id, leaving=self.ids
            )
            if deputy:
                todo.user_id = deputy
