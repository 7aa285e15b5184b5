from odoo import models

from ..common.sources import About, on


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @on(
        "matched",
        About(
            "account.dunning.insolvency",
            "partner_id",
            "debit_move_id.partner_id.commercial_partner_id",
        ),
    )
    def _warn_dunning_insolvencies(self):
        self.env["account.dunning.insolvency"].sudo()._warn_of_payments(self)

    @on("matched", About("account.dunning.hold", "move_id", "debit_move_id.move_id"))
    def _end_dunning_collected(self):
        self.debit_move_id.move_id._end_dunning_collected()

    @on("matched", About("account.dunning.dispute", "move_id", "debit_move_id.move_id"))
    def _ask_about_dunning_disputes(self):
        invoices = self.debit_move_id.move_id
        disputes = self.env["account.dunning.dispute"].sudo()
        disputes.search([("move_id", "in", invoices.ids), ("state", "=", "open")])._propose_end()
