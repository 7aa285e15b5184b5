from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """What all court files of a creditor need, entered once."""

    _inherit = "res.company"

    dunning_representative = fields.Char(
        string="Legal representative",
        help="Name and capacity of who represents the company before a court (CPC 54), for "
        "instance: Ms Martin, chairwoman.",
    )
    dunning_civil_status = fields.Char(
        string="Profession, nationality and birth of a sole trader",
        help="A request names a creditor who is a natural person by his profession, nationality, "
        "date and place of birth too (CPC 54 3°), for instance: joiner, French, born on 12 May "
        "1980 in Lyon.",
    )
    dunning_terms_file = fields.Binary(string="General terms")
    dunning_terms_file_name = fields.Char()
    dunning_creditor_file = fields.Binary(string="Registration (Kbis)")
    dunning_creditor_file_name = fields.Char()
    dunning_bank_file = fields.Binary(string="Bank details (RIB)")
    dunning_bank_file_name = fields.Char()
    dunning_uncontested = fields.Boolean(
        string="Procedure for uncontested commercial claims",
        help="CPCE L. 126-1 s., law of 23 April 2026. No implementing decree was found when this "
        "was written: check it before switching this on. The route is then shown, never chosen.",
    )
    dunning_uncontested_decree = fields.Char(
        string="Decree in force",
        help="Number and date of the decree that you read on Légifrance: it is told in each file "
        "that takes this way.",
    )

    @api.constrains("dunning_uncontested", "dunning_uncontested_decree")
    def _check_dunning_uncontested(self):
        for company in self:
            if company.dunning_uncontested and not company._has_dunning_uncontested():
                raise ValidationError(
                    self.env._(
                        "Type the number and the date of the decree that is in force, then switch "
                        "the procedure for uncontested claims on."
                    )
                )

    def _has_dunning_uncontested(self):
        """Whether a person switched the procedure on, and stated the decree that enacts it."""
        self.ensure_one()
        return self.dunning_uncontested and bool((self.dunning_uncontested_decree or "").strip())
