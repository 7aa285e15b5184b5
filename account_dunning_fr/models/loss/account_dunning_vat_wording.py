from odoo import api, fields, models
from odoo.exceptions import ValidationError

NET, TAX = "{net}", "{tax}"


class AccountDunningVatWording(models.Model):
    """The sentence printed on a duplicate: the CIBS replaces the CGI from 01/01/2027."""

    _name = "account.dunning.vat.wording"
    _description = "Sentence of the Duplicate of an Unpaid Invoice"
    _inherit = ["account.dunning.dated.wording"]

    text = fields.Text(
        help="{net} and {tax} stand for the sums in euros, once each. In French: it is read by the "
        "French administration."
    )

    _once = models.Constraint("UNIQUE (date_from)", "Two sentences begin on the same day.")

    @api.constrains("text")
    def _check_text(self):
        for text in filter(None, self.mapped("text")):
            if not text.count(NET) == text.count(TAX) == 1:
                raise ValidationError(self.env._("The sentence names {net} and {tax} once each."))

    @api.model
    def _get_sentence(self, day, net, tax):
        """Return the sentence in force on a day with its amounts, or False if none is confirmed.

        :param str net: amount without tax, as printed; ``tax``: likewise
        """
        found = self._find_in_force(day)
        return found and found.text.replace(NET, net).replace(TAX, tax)
