from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_mentions = fields.Boolean(
        string="Mentions of late payment on invoices",
        help="Off after the installation. On: the rate of the penalties, the flat indemnity and "
        "the discount stand on the invoices to professionals and public bodies, on paper and in "
        "the e-invoice, as the letters will claim them.",
    )
    dunning_checks = fields.Selection(
        [
            ("off", "No"),
            ("warn", "Tell what speaks against it"),
            ("stop", "And do not let a person post what is against the law"),
        ],
        string="Look at invoices",
        default="warn",
        required=True,
        help="Terms of payment, rate, mentions, SIREN, order and delivery, when a customer invoice "
        "is posted. What is imported or posted by itself is never stopped.",
    )
    dunning_deposit_from = fields.Monetary(
        string="Ask a deposit from",
        help="An invoice of this total without a deposit is told. 0: not looked at.",
    )
    dunning_invoice_within = fields.Integer(
        string="Invoice within",
        help="Days after the delivery: an invoice that is issued later is told, unless the "
        "customer is invoiced by periods. 0: not looked at.",
    )

    _dunning_invoice_within_positive = models.Constraint(
        "CHECK (dunning_invoice_within >= 0)", "Days after a delivery cannot be negative."
    )
