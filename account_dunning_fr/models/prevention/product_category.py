from odoo import fields, models

from ...core.longest_term import PERISHABLE, TRANSPORT
from ..common.groups import ACCOUNTING_GROUPS


class ProductCategory(models.Model):
    _inherit = "product.category"

    dunning_term_kind = fields.Selection(
        [
            (TRANSPORT, "Transport: 30 days"),
            (PERISHABLE, "Perishable food: 30 days after the ten days of delivery"),
        ],
        string="Shorter term of payment",
        groups=ACCOUNTING_GROUPS,
        help="For what the law sets a shorter longest term (C. com. L. 441-11). It holds for the "
        "categories below this one.",
    )
