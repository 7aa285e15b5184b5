from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from ..common.groups import ACCOUNTING_GROUPS

# -- What is due: the one definition, as SQL and as a domain ---------------------------------------

RECEIVABLE = "asset_receivable"
HOLDBACK_CODE = "4117"  # PCG 4117 « Clients – Retenues de garantie »
# Documents whose debit is a debt of the customer; an entry stands for an invoice that is not here.
DEBTS = ("out_invoice", "out_receipt", "entry")
# Where a debit without a due date is due on its own date; in a general journal nothing says when.
DATED_JOURNALS = ("sale", "bank", "cash", "credit")
# Where money leaves: a debit there is a payment taken back by the bank, or money given back.
MONEY_JOURNALS = ("bank", "cash", "credit")
DUE_JOINS = """
    JOIN account_move move ON move.id = aml.move_id
    JOIN account_journal journal ON journal.id = aml.journal_id
    LEFT JOIN account_payment paying ON paying.id = move.origin_payment_id
"""
DUE_ON = SQL("COALESCE(aml.date_maturity, aml.date)")


def exclusion_sql(holdback_ids):
    """Return why a debit of a trade receivable account is no due item, as SQL; NULL for a due item.

    It reads ``aml``, and the joins of ``DUE_JOINS``. ``account.move.line._get_dunning_domain`` is
    the same definition for Odoo's searches; the tests compare both.

    :param holdback_ids: the accounts of retentions of guarantee
    """
    return SQL(
        """
        CASE WHEN move.move_type NOT IN %(debts)s OR paying.payment_type = 'outbound' THEN 'no_debt'
             WHEN aml.date_maturity IS NOT NULL THEN NULL
             WHEN aml.account_id IN %(holdbacks)s THEN 'retention'
             WHEN journal.type NOT IN %(dated)s THEN 'no_due_date'
        END
        """,
        debts=DEBTS,
        holdbacks=tuple(holdback_ids) or (0,),
        dated=DATED_JOURNALS,
    )


# A debit of the bank with no document of ours: a payment that came back, until a person links it
# to its invoice. It bears no interest and no flat indemnity (L. 441-10: they follow an invoice).
RETURNED = SQL(
    """
    (move.move_type = 'entry' AND journal.type IN %s AND paying.id IS NULL)
    """,
    MONEY_JOURNALS,
)

EMPTY_COLUMNS = (
    "dunning_level_id",
    "dunning_start_level_id",
    "dunning_cycle",
    "dunning_penalty_id",
)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    dunning_line_ids = fields.One2many(
        "account.dunning.notice.line",
        "move_line_id",
        string="Reminders",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_cycle = fields.Integer(
        copy=False,
        readonly=True,
        help="Number of times this item was settled and became unpaid again.",
    )
    dunning_start_level_id = fields.Many2one(
        "account.dunning.level",
        copy=False,
        ondelete="set null",
        domain="[('kind', 'in', ('courtesy', 'reminder'))]",
        help="Level from which this item is chased, where it had reminders elsewhere before.",
        writer="kept",
    )
    dunning_level_id = fields.Many2one(
        "account.dunning.level",
        string="Dunning level",
        compute="_compute_dunning_level_id",
        store=True,
        copy=False,
        index="btree_not_null",
    )

    def _auto_init(self):
        # Empty for every existing item: nothing to compute on a large ledger at installation.
        for name in (
            "dunning_level_id",
            "dunning_start_level_id",
            "dunning_cycle",
            "dunning_penalty_id",
        ):
            if not column_exists(self.env.cr, self._table, name):
                create_column(self.env.cr, self._table, name, "int4")
        return super()._auto_init()

    @api.depends(
        "dunning_line_ids.state",
        "dunning_line_ids.level_id",
        "dunning_cycle",
        "dunning_start_level_id",
    )
    def _compute_dunning_level_id(self):
        for item in self:
            taken = item.dunning_line_ids.filtered(
                lambda line, item=item: line.state == "sent" and line.cycle == item.dunning_cycle
            ).level_id
            levels = taken | item.dunning_start_level_id
            item.dunning_level_id = levels.sorted("rank")[-1:]

    @api.constrains("dunning_start_level_id")
    def _check_dunning_start_level_id(self):
        for item in self:
            if item.dunning_start_level_id.kind in ("registered", "formal_notice"):
                raise ValidationError(
                    self.env._(
                        "An item starts at a reminder at most: what comes after it is proven by "
                        "the message that was sent. Choose a reminder or a courtesy message."
                    )
                )

    # -- What is due -------------------------------------------------------------------------------

    @api.model
    def _get_dunning_accounts(self, companies):
        """Return the trade receivable accounts of these companies, closed ones included."""
        accounts = self.env["account.account"].sudo().with_context(active_test=False)
        domain = [("account_type", "=", RECEIVABLE), ("non_trade", "=", False)]
        if companies is not None:
            domain.append(("company_ids", "parent_of", companies.ids))
        return accounts.search(domain)

    @api.model
    def _get_dunning_coded_accounts(self, companies, *prefixes):
        """Return the accounts whose code begins so in the chart of these companies."""
        accounts = self.env["account.account"].sudo().with_context(active_test=False)
        found = accounts.browse()
        for root in companies.root_id:
            domain = Domain.OR([("code", "=like", f"{prefix}%")] for prefix in prefixes)
            found |= accounts.with_company(root).search(domain)
        return found

    @api.model
    def _get_dunning_domain(self, companies=None, partner=None, *, is_open=True):
        """Return the domain of the due items; ``exclusion_sql`` is its twin.

        A posted debit on a trade receivable account, of an invoice, a receipt or an entry that
        stands for one, with a due date or in a journal where its own date is one. Not: our
        penalties, a refund, money given back to the customer, a retention of guarantee.

        :param companies: ``res.company`` records; those of the reader by default
        :param partner: only this customer
        :param bool is_open: only what is not settled
        """
        known = self.env.companies if companies is None else companies
        holdbacks = self._get_dunning_coded_accounts(known, HOLDBACK_CODE)
        domain = (
            Domain("parent_state", "=", "posted")
            & Domain("account_id.account_type", "=", RECEIVABLE)
            & Domain("account_id.non_trade", "=", False)
            & Domain("balance", ">", 0)
            & Domain("dunning_penalty_id", "=", False)
            & Domain("move_id.move_type", "in", DEBTS)
            & ~Domain("move_id.origin_payment_id.payment_type", "=", "outbound")
            & (
                Domain("date_maturity", "!=", False)
                | Domain("journal_id.type", "in", DATED_JOURNALS)
                & Domain("account_id", "not in", holdbacks.ids)
            )
        )
        if companies is not None:
            domain &= Domain("company_id", "in", companies.ids)
        if partner is not None:
            domain &= Domain("partner_id.commercial_partner_id", "=", partner.id)
        if is_open:
            domain &= Domain("reconciled", "=", False) & Domain("amount_residual_currency", ">", 0)
        return domain

    def _is_dunning_returned(self):
        """Whether the item is a payment taken back by the bank, not linked to its invoice yet."""
        self.ensure_one()
        move = self.move_id
        return (
            move.move_type == "entry"
            and self.journal_id.type in MONEY_JOURNALS
            and not move.origin_payment_id
        )

    # -- A payment that came back ------------------------------------------------------------------

    @api.model
    def _get_dunning_returns_domain(self, companies=None, partner=None):
        """Return the domain of the returned payments that no one linked to their invoice."""
        return (
            self._get_dunning_domain(companies, partner)
            & Domain("move_id.move_type", "=", "entry")
            & Domain("journal_id.type", "in", MONEY_JOURNALS)
            & Domain("move_id.origin_payment_id", "=", False)
        )

    def _get_dunning_return_candidates(self):
        """Return the payments of the customer that this debit may have taken back, latest first."""
        self.ensure_one()
        return self.search(
            [
                ("account_id", "=", self.account_id.id),
                ("company_id", "=", self.company_id.id),
                (
                    "partner_id.commercial_partner_id",
                    "=",
                    self.partner_id.commercial_partner_id.id,
                ),
                ("parent_state", "=", "posted"),
                ("currency_id", "=", self.currency_id.id),
                ("journal_id.type", "in", MONEY_JOURNALS),
                ("move_id.move_type", "=", "entry"),
                ("balance", "<", 0),
                ("date", "<=", self.date),
            ],
            order="date DESC, id DESC",
        )

    def _get_dunning_returned_payment(self):
        """Return the payment proposed: the latest of the same amount, not taken back already."""
        self.ensure_one()
        for payment in self._get_dunning_return_candidates():
            same = self.currency_id.compare_amounts(
                -payment.amount_currency, self.amount_residual_currency
            )
            taken_back = payment.matched_debit_ids.debit_move_id.journal_id.filtered(
                lambda journal: journal.type in MONEY_JOURNALS
            )
            if same == 0 and not taken_back:
                return payment
        return self.browse()

    def action_dunning_link_return(self):
        """Ask which payment this debit took back."""
        self.ensure_one()
        self.check_access("write")
        link = self.env["account.dunning.return.link"].create({"item_id": self.id})
        return link._get_records_action(
            name=self.env._("Link a returned payment"), target="new", context={}
        )

    def _link_dunning_return(self, payment):
        """Set a payment against its return; what the return leaves of it pays what it paid.

        :param payment: the receivable item of the payment
        :raise UserError: if it is no payment of this customer, or is settled otherwise
        """
        self.ensure_one()
        self.check_access("write")
        if payment not in self._get_dunning_return_candidates() or self.reconciled:
            raise UserError(self.env._("This payment is not one that the bank took back."))
        paid = payment.matched_debit_ids.debit_move_id
        payment.remove_move_reconcile()
        (self + payment).reconcile()
        if not payment.reconciled and paid:
            (payment + paid).reconcile()

    # -- Cycles ------------------------------------------------------------------------------------

    def _open_dunning_cycle(self):
        """Count one more cycle for the items that were chased and are unpaid again."""
        chased = self.sudo().filtered(lambda item: item.dunning_level_id and not item.reconciled)
        for cycle, items in chased.grouped("dunning_cycle").items():
            items.write({"dunning_cycle": cycle + 1, "dunning_start_level_id": False})

    def unlink(self):
        """Take items that go away out of the messages being prepared.

        What was sent keeps its snapshot, and finds the item again when Odoo only rewrote it
        (``account.move._reattach_dunning_lines``).
        """
        prepared = (
            self.env["account.dunning.notice.line"]
            .sudo()
            .search([("move_line_id", "in", self.ids), ("state", "in", ("draft", "ready"))])
        )
        prepared.unlink()
        return super().unlink()
