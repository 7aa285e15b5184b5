from odoo import fields, models

from ..common.groups import ACCOUNTING_GROUPS
from ..common.marks import About, on
from .states import LEFT

CLAIMED = About("account.dunning.case.item", "move_id")
TOLD = ("preparation", *LEFT)  # in preparation: only if it was generated
# Files of customers with an item in an entry: what they paid counts, matched or not.
CASES = About(
    "account.dunning.case", "partner_id", "line_ids.partner_id.commercial_partner_id", TOLD
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

    @on("posted", CLAIMED)
    def _reattach_dunning_case_items(self, _before):
        """Reattach items of court files to their journal items, which were rewritten."""
        self._reattach_dunning(
            "account.dunning.case.item",
            lambda item, line: line not in item.case_id.item_ids.move_line_id,
        )

    # -- What a file generated or handed over claims -----------------------------------------------

    @on("posted reset cancelled", CLAIMED)
    def _tell_dunning_cases_of_invoices(self, before):
        """Tell a person that an invoice of a file is no longer posted, or is again."""
        items = self.env["account.dunning.case.item"].sudo()
        items = items.search([("move_id", "in", self.ids), ("is_live", "=", True)])
        for item in items.filtered(lambda item: item.case_id in item._get_told_cases()):
            was, now = before.get(item.move_id, ("", True))[0], item.move_id.state
            case = item.case_id._in_dunning_lang()
            states = dict(item.move_id._fields["state"]._description_selection(case.env))
            case._message_log(
                body=case.env._(
                    "%(invoice)s of this file: %(was)s → %(now)s.",
                    invoice=item.invoice_name,
                    was=states.get(was, was),
                    now=states.get(now, now),
                )
            )
        items._get_told_cases()._ask_about_receipts()

    # -- Money on account, counted by a file handed over or not ------------------------------------

    @on("posted reset cancelled", CASES)
    def _ask_dunning_cases_about_receipts(self, _before):
        """Tell a person if the books no longer agree with what the payers' files claimed."""
        customers = self._get_dunning_received().partner_id.commercial_partner_id
        if customers:
            cases = self.env["account.dunning.case"].sudo()
            domain = [("partner_id", "in", customers.ids), ("state", "in", TOLD)]
            cases.search(domain)._ask_about_receipts()
