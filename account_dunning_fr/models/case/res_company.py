from odoo import fields, models


class ResCompany(models.Model):
    """What every court file of a creditor needs once and for all."""

    _inherit = "res.company"

    dunning_representative = fields.Char(
        string="Legal representative",
        help="Name and capacity of who represents the company before a court (CPC 54), for "
        "instance: Ms Martin, chairwoman.",
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
