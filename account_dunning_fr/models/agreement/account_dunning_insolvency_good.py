from odoo import api, fields, models


class AccountDunningInsolvencyGood(models.Model):
    """Goods of an unpaid invoice, delivered under retention of title and claimed back."""

    _name = "account.dunning.insolvency.good"
    _description = "Goods under Retention of Title"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible"]
    _order = "insolvency_id, move_id, id"

    insolvency_id = fields.Many2one(
        "account.dunning.insolvency",
        string="Proceedings",
        required=True,
        index=True,
        ondelete="cascade",
        writer="create",
    )
    company_id = fields.Many2one(related="insolvency_id.company_id", store=True)
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Line of the invoice",
        index="btree_not_null",
        ondelete="set null",
        writer="create",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        compute="_compute_of_line",
        store=True,
        readonly=False,
        index="btree_not_null",
        writer="create",
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    name = fields.Char(string="Goods", required=True, writer="anyone")
    quantity = fields.Float(digits="Product Unit", writer="anyone")
    uom = fields.Char(string="Unit", writer="anyone")
    amount = fields.Monetary(string="Price, tax included", writer="anyone")
    delivered = fields.Char(
        string="Delivery", help="Delivery notes and their days.", writer="anyone"
    )
    lots = fields.Char(
        string="Lots, serial numbers",
        help="What tells these goods from others of the same kind.",
        writer="anyone",
    )
    whereabouts = fields.Selection(
        [("unknown", "Not known"), ("there", "With the debtor"), ("resold", "Resold")],
        string="Where they are",
        default="unknown",
        required=True,
        help="Of goods that were resold, the price is claimed (C. com. L. 624-18).",
        writer="anyone",
    )
    claimed = fields.Boolean(default=True, writer="anyone")

    _line_once = models.UniqueIndex(
        "(insolvency_id, move_line_id) WHERE move_line_id IS NOT NULL",
        "These goods are listed already.",
    )

    @api.depends("move_line_id")
    def _compute_of_line(self):
        for good in self:
            good.move_id = good.move_line_id.move_id or good.move_id
