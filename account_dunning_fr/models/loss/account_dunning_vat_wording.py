from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...core.vat_relief import Wording, wording_on

MANAGER = "account_dunning_fr.group_dunning_manager"


class AccountDunningVatWording(models.Model):
    """The sentence that a duplicate bears from a day on, with the article of that day.

    The law moves (the CIBS takes over from the CGI on 01/01/2027): what nobody has confirmed is not
    printed, and the sentence of before does not speak for a later day.
    """

    _name = "account.dunning.vat.wording"
    _description = "Sentence of the Duplicate of an Unpaid Invoice"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible"]
    _order = "date_from DESC"
    _rec_name = "article"

    date_from = fields.Date(string="From", required=True)
    article = fields.Char(required=True)
    text = fields.Text(
        string="Sentence",
        help="{net} and {tax} stand for the sums in euros, once each. In French: it is read by the "
        "French administration.",
    )
    source = fields.Char()
    confirmed_by = fields.Many2one("res.users", writer="code")
    is_confirmed = fields.Boolean(
        string="Confirmed", writer="code", help="Only a confirmed sentence is printed."
    )

    _once = models.Constraint("UNIQUE (date_from)", "Two sentences begin on the same day.")

    @api.constrains("text", "date_from")
    def _check_text(self):
        for record in self:
            try:
                record._get_value()
            except ValueError as error:
                raise ValidationError(
                    self.env._("The sentence names {net} and {tax} once each.")
                ) from error

    def write(self, vals):
        """A sentence that changes is to be confirmed anew."""
        if {"text", "date_from", "article"} & set(vals):
            self.sudo().filtered("is_confirmed").write(
                {"is_confirmed": False, "confirmed_by": False}
            )
        return super().write(vals)

    def action_confirm(self):
        """Answer for these sentences: they are printed from now on."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only dunning managers confirm a legal sentence."))
        if not all(record.text for record in self):
            raise ValidationError(self.env._("Type the sentence first."))
        self.sudo().write({"is_confirmed": True, "confirmed_by": self.env.uid})

    def _get_value(self):
        self.ensure_one()
        return Wording(self.date_from, self.text or "", self.is_confirmed)

    @api.model
    def _get_sentence(self, day, net, tax):
        """Return the sentence of a day with its sums, or False where none is confirmed.

        :param str net: sum without tax, as it is printed; ``tax``: likewise
        """
        wordings = [record._get_value() for record in self.sudo().search([])]
        found = wording_on(wordings, day)
        return found and found.text.replace("{net}", net).replace("{tax}", tax)
