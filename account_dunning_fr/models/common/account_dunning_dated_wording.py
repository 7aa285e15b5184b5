from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class AccountDunningDatedWording(models.AbstractModel):
    """A legal sentence in force from a given day, with the article of that day.

    The law changes: an unconfirmed sentence is not printed, and the previous one is not used for a
    later day.
    """

    _name = "account.dunning.dated.wording"
    _description = "Legal Sentence of a Day"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible"]
    _order = "date_from DESC"
    _rec_name = "article"

    date_from = fields.Date(string="From", required=True)
    article = fields.Char(required=True)
    text = fields.Text(string="Sentence")
    source = fields.Char()
    confirmed_by = fields.Many2one("res.users", writer="code")
    is_confirmed = fields.Boolean(
        string="Confirmed", writer="code", help="Only a confirmed sentence is printed."
    )

    def write(self, vals):
        """Require confirmation again for a sentence that changes."""
        if self._get_answered_fields() & vals.keys():
            self.sudo().filtered("is_confirmed").write(
                {"is_confirmed": False, "confirmed_by": False}
            )
        return super().write(vals)

    def _get_answered_fields(self):
        """Return the names of the fields for which the person who confirms is responsible."""
        return {"text", "date_from", "article"}

    def action_confirm(self):
        """Confirm these sentences: they are printed from now on."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(
            "account_dunning_fr.group_dunning_manager"
        ):
            raise AccessError(self.env._("Only dunning managers confirm a legal sentence."))
        if not all(record.text for record in self):
            raise ValidationError(self.env._("Type the sentence first."))
        self.sudo().write({"is_confirmed": True, "confirmed_by": self.env.uid})

    @api.model
    def _find_in_force(self, day, domain=()):
        """Return the sentence in force on a day, or an empty record if it is not confirmed.

        An older sentence is never used for a day on which a newer one is in force, confirmed or
        not.
        """
        last = self.sudo().search([*domain, ("date_from", "<=", day)], limit=1)
        return last.filtered(lambda wording: wording.is_confirmed and wording.text)
