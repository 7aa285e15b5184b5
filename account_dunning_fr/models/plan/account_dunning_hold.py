from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..common.ledger_query import get_fields
from ..common.marks import tells

WAITING_DAYS = 7  # money that waits for longer is reported each week
# What the query for drafts that settle items reads.
READ_OF_DRAFTS = {
    "account.move": ["state", "journal_id"],
    "account.move.line": ["move_id", "parent_state", "account_id", "company_id"],
    "account.partial.reconcile": ["credit_move_id", "debit_move_id"],
}


class AccountDunningHold(models.Model):
    _inherit = "account.dunning.hold"

    @api.model
    @tells
    def _tell_waiting_money(self, creditor, today):
        return [
            (
                self.env._("Money of a customer, not matched for more than %s days", WAITING_DAYS),
                self._get_waiting_money(creditor, today),
                lambda money: money.partner_id._get_dunning_user(),
            ),
            (
                self.env._("Settles invoices, and is still in draft: to post or to cancel"),
                self._get_settling_drafts(creditor),
                lambda move: move._get_dunning_responsible(),
            ),
        ]

    @api.model
    def _get_settling_drafts(self, creditor):
        """Return the draft entries that settle customers' items.

        Odoo keeps the reconciliation of a receipt reset to draft: its invoice counts as paid and is
        not chased. If the draft is cancelled, the invoice is unpaid again; if it is posted, it is
        paid.
        """
        accounts = self.env["account.move.line"]._get_dunning_accounts(
            creditor._get_dunning_companies()
        )
        # By journal: the index on entries begins with it, and drafts are few.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT move.id
                  FROM account_move move
                  JOIN account_move_line line ON line.move_id = move.id
                  JOIN account_partial_reconcile partial ON partial.credit_move_id = line.id
                  JOIN account_move_line item ON item.id = partial.debit_move_id
                 WHERE move.state = 'draft' AND item.parent_state = 'posted'
                   AND move.journal_id IN (SELECT id FROM account_journal)
                   AND item.account_id IN %s AND item.company_id IN %s
                """,
                tuple(accounts.ids) or (0,),
                tuple(creditor._get_dunning_companies().ids),
                to_flush=get_fields(self.env, READ_OF_DRAFTS),
            )
        )
        return self.env["account.move"].browse(sorted(id_ for (id_,) in rows))

    @api.model
    def _get_waiting_money(self, creditor, today):
        """Return the money that stops notices and that nobody has matched, even small amounts."""
        companies = creditor._get_dunning_companies()
        before = today - timedelta(days=WAITING_DAYS)
        money = self.env["account.dunning.waiting.money"].with_context(
            allowed_company_ids=companies.ids
        )
        return money.search([("to_identify", "=", True), ("date", "<=", before)])
