from odoo import fields, models

from .account_dunning_impairment import money


class AccountDunningVatReliefLine(models.Model):
    """The VAT of one rate on the unpaid part of one item."""

    _name = "account.dunning.vat.relief.line"
    _description = "VAT to Get Back on an Item"
    _inherit = ["account.dunning.guarded"]
    _dunning_writer = "code"
    _order = "move_id, move_line_id, id"

    relief_id = fields.Many2one(
        "account.dunning.vat.relief",
        string="VAT to get back",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_currency_id = fields.Many2one(related="relief_id.company_currency_id")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", readonly=True, index="btree_not_null"
    )
    tax_id = fields.Many2one("account.tax", required=True, readonly=True)
    claim = money("Claim", help="Unpaid, tax included.")
    net = money("Net unpaid")
    vat = money("VAT")
