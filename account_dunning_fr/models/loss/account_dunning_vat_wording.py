from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.vat_relief import Wording, wording_on


class AccountDunningVatWording(models.Model):
    """The sentence that a duplicate bears: the CIBS takes over from the CGI on 01/01/2027."""

    _name = "account.dunning.vat.wording"
    _description = "Sentence of the Duplicate of an Unpaid Invoice"
    _inherit = ["account.dunning.dated.wording"]

    text = fields.Text(
        help="{net} and {tax} stand for the sums in euros, once each. In French: it is read by the "
        "French administration."
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
