from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_mentions = fields.Boolean(
        string="Mentions of late payment on invoices",
        help="Off after the installation. On: the rate of the penalties, the flat indemnity and "
        "the discount stand on the invoices to professionals and public bodies, on paper and in "
        "the e-invoice, as the letters will claim them.",
    )
