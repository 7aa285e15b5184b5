from odoo import fields, models

from ..common.groups import ACCOUNTING_GROUPS
from ..common.marks import About, on
from .states import LEFT

# Files that have left of customers with an item in an entry: what they paid counts, matched or not.
CASES = About(
    "account.dunning.case", "partner_id", "line_ids.partner_id.commercial_partner_id", LEFT
)


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_case_id = fields.Many2one(
        "account.dunning.case",
        string="Court file",
        compute="_compute_dunning_case_id",
        groups=ACCOUNTING_GROUPS,
    )

    def _compute_dunning_case_id(self):
        items = self.env["account.dunning.case.item"]
        # Only what was once posted can be in a file.
        if posted := self.filtered("posted_before"):
            items = items.search([("move_id", "in", posted.ids), ("is_live", "=", True)])
        cases = {item.move_id.id: item.case_id for item in items}
        for move in self:
            move.dunning_case_id = cases.get(move.id, False)

    def get_dunning_facts(self):
        """Add the court file that claims this invoice."""
        facts, names = self.env["account.dunning.facts"], ["dunning_case_id"]
        file = facts._prepare_group(self, names, opened=names)
        return super().get_dunning_facts() + facts._keep_told([file])

    def action_prepare_dunning_case(self):
        """Prepare an order to pay for these invoices of one customer."""
        partner, creditor = self._get_dunning_parties()
        return self.env["account.dunning.case.prepare"]._open(partner, creditor, self)

    @on("posted", About("account.dunning.case.item", "move_id"))
    def _reattach_dunning_case_items(self, _before):
        """Reattach items of court files to their journal items, which were rewritten."""
        self._reattach_dunning(
            "account.dunning.case.item",
            lambda item, line: line not in item.case_id.item_ids.move_line_id,
        )

    # -- Money on account, counted by a file handed over or not ------------------------------------

    @on("posted reset cancelled", CASES)
    def _ask_dunning_cases_about_receipts(self, _before):
        """Tell a person if the books no longer agree with what the payers' files claimed."""
        customers = self._get_dunning_received().partner_id.commercial_partner_id
        if customers:
            cases = self.env["account.dunning.case"].sudo()
            domain = [("partner_id", "in", customers.ids), ("state", "in", LEFT)]
            cases.search(domain)._ask_about_receipts()
