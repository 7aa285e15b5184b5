from odoo import fields, models
from odoo.exceptions import UserError

from ..common.groups import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_case_id = fields.Many2one(
        "account.dunning.case",
        string="Court file",
        compute="_compute_dunning_case_id",
        groups=ACCOUNTING_GROUPS,
    )

    def _compute_dunning_case_id(self):
        items = self.env["account.dunning.case.item"].search(
            [("move_id", "in", self.ids), ("is_live", "=", True)]
        )
        cases = {item.move_id.id: item.case_id for item in items}
        for move in self:
            move.dunning_case_id = cases.get(move.id, False)

    def action_prepare_dunning_case(self):
        """Prepare an order to pay for these invoices of one customer."""
        partner = self.commercial_partner_id
        creditor = self.company_id.dunning_creditor_id
        if len(partner) != 1 or len(creditor) != 1:
            raise UserError(self.env._("Choose the invoices of one customer."))
        return self.env["account.dunning.case.prepare"]._open(partner, creditor, self)

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._reattach_dunning_case_items()
        return posted

    def _reattach_dunning_case_items(self):
        """Give the items of court files whose journal items were rewritten their items back."""
        orphans = (
            self.env["account.dunning.case.item"]
            .sudo()
            .search([("move_id", "in", self.ids), ("move_line_id", "=", False)])
        )
        for orphan in orphans:
            lines = orphan.move_id.line_ids._filter_dunning_receivable().filtered(
                lambda line, orphan=orphan: (
                    line.date_maturity == orphan.date_maturity
                    and line not in orphan.case_id.item_ids.move_line_id
                )
            )
            orphan.move_line_id = lines[:1]
