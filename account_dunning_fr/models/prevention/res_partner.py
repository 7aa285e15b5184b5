from odoo import fields, models

from ...core.longest_term import GENERAL, HEALTH, PERIODIC, PERISHABLE, PUBLIC_COMPANY, TRANSPORT
from ..common.groups import ACCOUNTING_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_term_kind = fields.Selection(
        [
            (GENERAL, "General: 60 days, or 45 days end of month"),
            (PERIODIC, "Periodic invoices: 45 days"),
            (TRANSPORT, "Transport: 30 days"),
            (PERISHABLE, "Perishable food: 30 days after the ten days of delivery"),
            (HEALTH, "Public health establishment: 50 days"),
            (PUBLIC_COMPANY, "Public company: 60 days"),
        ],
        string="Longest term",
        tracking=True,
        groups=ACCOUNTING_GROUPS,
        help="Which longest term of payment the law sets for this customer. Empty: the general "
        "one, that of the products sold, or 30 days for a public body.",
    )
    dunning_acceptance_ids = fields.One2many(
        "account.dunning.terms.acceptance",
        "partner_id",
        string="General terms accepted",
        seldom=True,
        groups=ACCOUNTING_GROUPS,
    )
