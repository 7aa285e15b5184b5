from odoo import api, models

OURS = "account.dunning."


def is_there(user):
    """Whether a user is a colleague who works here: none that left, nor the scheduler."""
    return user.active and not user.share


class MailActivity(models.Model):
    """What is to be done on our documents is for somebody who is there to do it."""

    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        """Give a deputy what would be for a person who left, or for the scheduler."""
        ids = {vals["user_id"] for vals in vals_list if vals.get("user_id")}
        users = self.env["res.users"].sudo().browse(ids)
        gone = set(users.filtered(lambda user: not is_there(user)).ids)
        if gone:
            vals_list = [
                self._hand_dunning_on(vals) if vals.get("user_id") in gone else vals
                for vals in vals_list
            ]
        return super().create(vals_list)

    @api.model
    def _hand_dunning_on(self, vals):
        kind = self.env["ir.model"].sudo().browse(vals.get("res_model_id"))
        model = vals.get("res_model") or kind.model or ""
        if not model.startswith(OURS) or not vals.get("res_id"):
            return vals
        document = self.env[model].sudo().browse(vals["res_id"])
        deputy = self._get_dunning_deputy(document)
        return {**vals, "user_id": deputy.id} if deputy else vals

    @api.model
    def _get_dunning_deputy(self, document, leaving=()):
        """Return who does what is to be done on a document when its person is not there.

        The dunning contact of the creditor, else a dunning manager of his, else the administrator.

        :param document: a record of ours; one of no company is every creditor's
        :param leaving: ids of users who are leaving
        :return: ``res.users``, with full rights; may be empty
        """
        of_company = document._fields.get("company_id")
        creditor = of_company and document.company_id.dunning_creditor_id
        there = (
            user
            for user in self._get_dunning_deputies(creditor)
            if is_there(user) and user.id not in leaving
        )
        return next(there, self.env["res.users"].sudo())

    @api.model
    def _get_dunning_deputies(self, creditor):
        """Yield who may stand in for a person, the first first; who is not reached is not read.

        :param creditor: ``res.company``, or nothing for what is every creditor's
        """
        if creditor:
            yield from creditor.dunning_user_id
        # By their kept ids: `env.ref` asks the database each time whether the record is there.
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        managers = self.env["res.groups"].sudo()
        managers = managers.browse(get_id("account_dunning_fr.group_dunning_manager")).all_user_ids
        if creditor:
            managers = managers.filtered(lambda user: creditor in user.company_ids)
        yield from managers.sorted("id")
        yield from self.env["res.users"].sudo().browse(get_id("base.user_admin") or []).exists()
