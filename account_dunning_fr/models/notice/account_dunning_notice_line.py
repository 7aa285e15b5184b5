from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..common.ledger_query import get_fields
from ..common.rows import write_alike
from .formal_notice import STANDS_BY, STANDS_SQL
from .states import LIVE, STATES

DROP_REASONS = [
    ("paid", "Paid or settled"),
    ("hold", "On hold"),
    ("blocked", "Payment blocked"),
    ("no_followup", "Excluded from follow-up"),
    ("in_payment", "Payment in process"),
    ("covered", "Covered by a credit or a payment not yet allocated"),
    ("discount", "Early-payment discount taken, to be booked"),
    ("possible", "Money that may be his payment"),
    ("no_due_date", "Without a due date"),
    ("no_debt", "No debt of the customer: a refund, or money paid to him"),
    ("retention", "Retention of guarantee"),
    ("no_policy", "No dunning policy"),
    ("minimum", "Total below the minimum of the policy"),
    ("finished", "All levels were sent"),
    ("waiting", "Waiting for the next level"),
    ("merged", "Customer merged"),
]


class PenaltyRow(dict):
    """What a notice states about the penalties of one item.

    ``label``, the basis of the rate in words, is written for the whole notice when a page needs it.
    """

    __slots__ = ("get_labels",)

    def __missing__(self, name):
        if name != "label":
            raise KeyError(name)
        return self.get_labels()[self["line"].move_line_id]

    def written(self, get_labels):
        """Return this row with its label in the language of ``get_labels``."""
        row = PenaltyRow(self)
        row.get_labels = get_labels
        return row


class AccountDunningNoticeLine(models.Model):
    """One due item in one notice.

    Its figures are a snapshot in the item's currency, so that the line survives the item. A line is
    claimed (part of the total), listed for information, or dropped with its reason.
    """

    _name = "account.dunning.notice.line"
    _description = "Dunning Notice Line"
    _inherit = ["account.dunning.guarded"]
    _dunning_writer = "code"
    _order = "notice_id, claimed DESC, date_maturity, id"
    # The notice says who wrote it and when; there may be hundreds of thousands of lines.
    _log_access = False

    notice_id = fields.Many2one(
        "account.dunning.notice", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="notice_id.company_id")
    partner_id = fields.Many2one(related="notice_id.partner_id")
    date = fields.Date(related="notice_id.date")
    letter_id = fields.Many2one(related="notice_id.letter_id")
    state = fields.Selection(STATES, compute="_compute_state", store=True)
    move_line_id = fields.Many2one("account.move.line", index="btree_not_null", ondelete="set null")
    move_id = fields.Many2one(
        "account.move", string="Invoice", index="btree_not_null", ondelete="set null"
    )
    cycle = fields.Integer(
        help="Number of times the item was settled and became unpaid again: the levels start anew."
    )
    level_id = fields.Many2one(
        "account.dunning.level",
        string="Level taken",
        ondelete="restrict",
        help="Empty when the item is claimed again without a new level.",
    )
    claimed = fields.Boolean(help="In the total. Otherwise listed for information.")
    stands = fields.Boolean(
        string="Under formal notice", compute="_compute_stands", search="_search_stands"
    )
    left_out = fields.Boolean(help="Taken out of this message by a person.")
    drop_reason = fields.Selection(DROP_REASONS)
    invoice_name = fields.Char(string="Number")
    invoice_date = fields.Date()
    date_maturity = fields.Date(string="Due date")
    days_late = fields.Integer(compute="_compute_days_late")
    currency_id = fields.Many2one("res.currency", required=True)
    amount_total = fields.Monetary(string="Amount")
    amount_paid = fields.Monetary(string="Paid", compute="_compute_amount_paid")
    amount_residual = fields.Monetary(string="Remaining")
    amount_credit = fields.Monetary(
        string="Credit", help="Credits and payments not yet allocated that cover this item."
    )
    amount_held = fields.Monetary(
        string="Disputed", help="Part of this item that is on hold, and not claimed."
    )
    amount_due = fields.Monetary(string="Amount claimed")
    amount_due_company = fields.Monetary(
        string="Amount claimed (company currency)", currency_field="company_currency_id"
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )

    # No item takes the same level twice for the same debt, whatever runs concurrently.
    _level_once = models.UniqueIndex(
        "(move_line_id, level_id, cycle) WHERE level_id IS NOT NULL AND state <> 'cancelled'",
        "This item already takes that level in another message.",
    )

    @api.depends("notice_id.state", "drop_reason")
    def _compute_state(self):
        def get_state(line):
            return "cancelled" if line.drop_reason else line.notice_id.state

        # Most notices have one state for all their items, which is written in one go.
        for state, lines in self.grouped(get_state).items():
            lines.state = state

    def _write_multi(self, vals_list):
        others, vals_list = write_alike(self, vals_list, super()._write_multi)
        return super(AccountDunningNoticeLine, others)._write_multi(vals_list)

    @api.depends("notice_id.letter_date", "date_maturity")
    def _compute_days_late(self):
        for line in self:
            day = line.notice_id.letter_date
            late = day and line.date_maturity
            line.days_late = max((day - line.date_maturity).days, 0) if late else 0

    @api.depends("amount_total", "amount_residual")
    def _compute_amount_paid(self):
        # Most items were not paid at all: those with the same values are written together.
        def get_paid(line):
            return line.currency_id, line.amount_total - line.amount_residual

        for (_currency, paid), lines in self.grouped(get_paid).items():
            lines.amount_paid = paid

    def _compute_stands(self):
        """Whether the line puts the debtor in default (``formal_notice``), as its search says."""
        standing = self.search([("id", "in", self.ids), ("stands", "=", True)])
        for line in self:
            line.stands = line in standing

    def _search_stands(self, operator, value):
        if operator != "in":
            return NotImplemented
        # The rule compares columns of three tables, which a domain cannot do.
        standing = SQL(
            f"""(
            SELECT claimed.id
              FROM account_dunning_notice_line claimed, account_dunning_notice notice,
                   account_move_line line
             WHERE {STANDS_SQL}
            )""",
            to_flush=get_fields(self.env, STANDS_BY),
        )
        return [("id", "in" if True in value else "not in", standing)]

    def _get_origin(self):
        """Return our order, or else the customer's reference, as printed on his invoice."""
        self.ensure_one()
        return self.move_id.invoice_origin or self.move_id.ref or ""

    def _filter_standing(self):
        """Return the lines that are still in their notice, not dropped since."""
        return self._filter_together(lambda line: not line.drop_reason)

    def _filter_claimed(self):
        """Return the lines that the notice claims: due, and not left out by a person."""
        return self._filter_together(lambda line: line.claimed and not line.left_out)

    def _filter_together(self, function):
        """Filter the lines, prefetching with those of the other notices of the batch.

        Plain ``filtered`` would restrict the prefetch to these lines, and read and compute once per
        notice.
        """
        return self.filtered(function).with_prefetch(self._prefetch_ids)

    @api.model
    def _find_formal_notices(self, items):
        """Return the lines of the formal notices that stand against these items."""
        return self.search([("move_line_id", "in", items.ids), ("stands", "=", True)])

    def _sort_by_due_date(self):
        """Sort by due date, oldest first, lines without a due date last.

        Same as ``sorted("date_maturity")``, which is slower to compare thousands of records.
        """
        return self.sorted(lambda line: line.date_maturity or date.max)

    def _is_deferred_since(self):
        """Whether the debtor was given more time since: the item is due later than the notice said.

        Only if that new date is not before the day of the notice.
        """
        self.ensure_one()
        told, now = self.date_maturity, self.move_line_id.date_maturity
        return bool(told and now and told < now and self.notice_id.date <= now)

    def _get_bank_accounts(self):
        """Return the bank account into which each of these items is paid: that of its invoice.

        :return: ``{line: res.partner.bank}``, empty where there is none
        """
        accounts = self.move_id._get_dunning_bank_accounts()
        # Keyed by id: every line of a batch looks itself up, and hashing records is slower.
        by_move = {move.id: account for move, account in accounts.items()}
        return {
            line: by_move[line.move_id.id]
            if line.move_id
            else line.company_id._get_dunning_bank_account(line.currency_id)
            for line in self
        }

    def action_open_letter(self):
        """Open the document that was sent."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.sudo().notice_id.letter_id.id}",
            "target": "new",
        }

    def _prepare_sealed_line(self, write_in):
        """Return what the notice said of this item, for the sealed record.

        :param write_in: returns a function that formats amounts of a currency
        """
        self.ensure_one()
        write = write_in(self.currency_id)
        return {
            "invoice": self.invoice_name or "",
            "invoice_date": fields.Date.to_string(self.invoice_date) or "",
            "due": fields.Date.to_string(self.date_maturity) or "",
            "claimed": bool(self.claimed),
            "new_level": bool(self.level_id),
            "dropped": self.drop_reason or "",
            **{
                name: write(self[f"amount_{name}"])
                for name in ("total", "residual", "credit", "held")
            },
            "amount": write(self.amount_due),
        }

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.notice_id._write_branches()
        return lines

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if "sent" in self.mapped("state"):
            raise UserError(self.env._("What was sent is evidence: it cannot be deleted."))

    def action_leave_out(self):
        """Leave the item out of this notice, or put it back."""
        self.notice_id._check_prepare()
        for line in self.sudo():
            if line.notice_id.state not in LIVE:
                raise UserError(self.env._("What was sent is kept as it was."))
            line.left_out = not line.left_out
        notices = self.notice_id.sudo()
        notices._write_totals()
        notices._reset_confirmation()

    # -- Penalties stated --------------------------------------------------------------------------

    def _prepare_penalty_row(self, accrued, penalty, get_labels):
        """Return what a notice states about the penalties of one item.

        :param accrued: ``Accrued`` of the item
        :param penalty: ``account.dunning.penalty`` of the item, empty before the first booking
        :param get_labels: returns the bases of the rates, ``{item: text}``
        :return: ``PenaltyRow``: amounts in the item's currency, indemnity in euros, and ``a_day``
        """
        self.ensure_one()
        segments = accrued.statement.segments if accrued.statement else ()
        row = PenaltyRow(
            line=self,
            days=sum(segment.days for segment in segments),
            rate=float(accrued.annual_rate),
            interest=penalty._get_left("interest", accrued.interest),
            indemnity=penalty._get_left("indemnity", accrued.indemnity),
            a_day=float(accrued.a_day),
            problem=accrued.problem,
        )
        row.get_labels = get_labels
        return row
