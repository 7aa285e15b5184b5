from odoo import api, fields, models
from odoo.exceptions import ValidationError

BASES = [
    ("subrogation", "Subrogation (receipt given to the factor)"),
    ("dailly", "Assignment of professional claims (Dailly)"),
]
FACTOR = "{factor}"


class AccountDunningAssignmentWording(models.Model):
    """The sentence telling a debtor to pay the factor from now on, by legal basis and by date."""

    _name = "account.dunning.assignment.wording"
    _description = "Sentence on the Assignment of an Invoice"
    _inherit = ["account.dunning.dated.wording"]
    _order = "basis, date_from DESC"

    basis = fields.Selection(BASES, string="Legal basis", required=True, default="subrogation")
    text = fields.Text(
        help="{factor} stands for the name of the factor, once. In French: it is the debtor's "
        "notice of whom he pays."
    )

    _once = models.Constraint(
        "UNIQUE (basis, date_from)", "Two sentences of one basis begin on the same day."
    )

    @api.constrains("text")
    def _check_text(self):
        if any(record.text and record.text.count(FACTOR) != 1 for record in self):
            raise ValidationError(self.env._("The sentence names {factor} once."))

    def _get_answered_fields(self):
        return super()._get_answered_fields() | {"basis"}

    @api.model
    def _get_sentence(self, basis, day, factor):
        """Return the sentence for a legal basis on a day, or False if none is confirmed.

        :param factor: ``res.partner``
        """
        found = self._find_in_force(day, [("basis", "=", basis)])
        return found and found.text.replace(FACTOR, factor.sudo().name)
