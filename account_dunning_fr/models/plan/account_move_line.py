from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, html2plaintext
from odoo.tools.sql import column_exists, create_column

from ...core.debit_returns import ACCOUNT, CONTESTED, FUNDS, find_reason, treatment
from ..common.bulk import tell
from ..common.due import (
    ADVANCE_CODES,
    DATED_JOURNALS,
    DEBTS,
    HOLDBACK_CODE,
    MONEY_JOURNALS,
    RECEIVABLE_ACCOUNTS,
    RECEIVABLE_ITEMS,
)
from ..common.groups import ACCOUNTING_GROUPS
from ..common.sources import RETURNED, get_sources, tells_returned

QUESTION = "account_dunning_fr.mail_activity_type_receipt_moved"

OTHER_REASON = "other"  # one that the bank's file gives and that is none of these

# Why a bank returns a direct debit (ISO 20022), as ``core.debit_returns`` knows them.
RETURN_REASONS = [
    ("AM04", "AM04 – Insufficient funds"),
    ("MD01", "MD01 – No mandate, or not authorised"),
    ("MD06", "MD06 – Refund asked by the customer"),
    ("MS02", "MS02 – Refused by the customer"),
    ("SL01", "SL01 – Blocked by the customer at his bank"),
    ("AC01", "AC01 – Wrong account number"),
    ("AC04", "AC04 – Account closed"),
    ("AC06", "AC06 – Account blocked"),
    ("AC13", "AC13 – Account of a consumer"),
    ("AG01", "AG01 – Direct debit forbidden on this account"),
    ("BE05", "BE05 – Creditor not recognised"),
    ("MD02", "MD02 – Mandate data missing"),
    ("RC01", "RC01 – Wrong bank identifier"),
    ("MD07", "MD07 – The customer died"),
    ("AM05", "AM05 – Presented twice"),
    ("MS03", "MS03 – No reason given"),
    (OTHER_REASON, "Another reason"),
]


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "account.dunning.columns"]

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
    # What it reached is written by the room of the notices, which knows what was sent.
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
        return self._all_dunning_accounts().search(self._get_dunning_receivable_domain(companies))

    @api.model
    def _all_dunning_accounts(self):
        return self.env["account.account"].sudo().with_context(active_test=False)

    @api.model
    def _get_dunning_receivable_domain(self, companies):
        domain = Domain(RECEIVABLE_ACCOUNTS)
        if companies is not None:
            domain &= Domain("company_ids", "parent_of", companies.ids)
        return domain

    @api.model
    def _get_dunning_coded_accounts(self, companies, *prefixes):
        """Return the accounts whose code begins so in the chart of these companies."""
        ids = self.env.execute_query(self._get_dunning_coded_sql(companies, *prefixes))
        return self._all_dunning_accounts().browse(id_ for (id_,) in ids)

    @api.model
    def _get_dunning_coded_sql(self, companies, *prefixes):
        """Return the query of their ids.

        In SQL, as each plan of a handful of customers asks for them: the search for a code is one
        in another, which takes Odoo longer to write than PostgreSQL to run.
        """
        accounts = self.env["account.account"]
        return SQL(
            """
            SELECT account.id FROM account_account account
             WHERE EXISTS (SELECT FROM unnest(%s::text[]) AS root (id),
                                       unnest(%s::text[]) AS prefix (code)
                            WHERE starts_with(account.code_store ->> root.id, prefix.code))
             ORDER BY account.id
            """,
            [str(root.id) for root in companies.sudo().root_id],
            list(prefixes),
            to_flush=accounts._fields["code_store"],
        )

    @api.model
    def _get_dunning_account_ids(self, companies):
        """Return the ids of the accounts that the plan of these companies reads, by their use.

        :return: dict: ``account_ids`` (trade receivables), ``holdback_ids`` (retentions of
            guarantee), ``advance_ids`` (advances, and money to sort)
        """
        accounts = self._all_dunning_accounts()
        # One query of three searches: each plan of a handful of customers asks for them.
        [(receivable, holdback, advance)] = self.env.execute_query(
            SQL(
                "SELECT ARRAY(%s), ARRAY(%s), ARRAY(%s)",
                accounts._search(self._get_dunning_receivable_domain(companies)).subselect(),
                self._get_dunning_coded_sql(companies, HOLDBACK_CODE),
                self._get_dunning_coded_sql(companies, *ADVANCE_CODES),
            )
        )
        return {"account_ids": receivable, "holdback_ids": holdback, "advance_ids": advance}

    @api.model
    def _get_dunning_credits_domain(self, companies):
        """Return the domain of the credits and payments that wait to be allocated.

        :param companies: ``res.company`` records
        """
        return [
            ("company_id", "in", companies.ids),
            *RECEIVABLE_ITEMS,
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual", "<", 0),
        ]

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
            & Domain(RECEIVABLE_ITEMS)
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

    def _get_dunning_return_reason(self):
        """Return why the bank took this money back, as the line of its statement says, or False."""
        self.ensure_one()
        line = self.move_id.statement_line_id
        told = (self.name, line.payment_ref, line.narration, self.move_id.ref)
        return find_reason(" ".join(html2plaintext(each) for each in told if each)) or False

    def action_dunning_link_return(self):
        """Ask which payment this debit took back."""
        self.ensure_one()
        self.check_access("write")
        link = self.env["account.dunning.return.link"].create({"item_id": self.id})
        return link._get_records_action(
            name=self.env._("Link a returned payment"), target="new", context={}
        )

    def _link_dunning_return(self, payment, code=""):
        """Set a payment against its return; what the return leaves of it pays what it paid.

        :param payment: the receivable item of the payment
        :param str code: why the bank returned it, a key of ``RETURN_REASONS``; empty if unknown
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
        paid.filtered(lambda item: not item.reconciled)._follow_dunning_return(self.date, code)

    def _return_dunning_payment(self, on, code):
        """Take a payment that the bank returned off what it paid: that is unpaid again at once.

        Set against the bank's line where it is in the books; else it pays nothing until that line
        comes (``plan.query.credits``).

        :param date on: day of the return
        :param str code: a key of ``RETURN_REASONS``
        """
        self.ensure_one()
        returned = self.search(
            self._get_dunning_returns_domain(self.company_id, self.partner_id.commercial_partner_id)
            & Domain("currency_id", "=", self.currency_id.id)
        ).filtered(
            lambda item: (
                self in item._get_dunning_return_candidates()
                and item.currency_id.compare_amounts(
                    item.amount_residual_currency, -self.amount_currency
                )
                == 0
            )
        )
        if returned:
            returned[0]._link_dunning_return(self, code)
            return
        paid = self.matched_debit_ids.debit_move_id
        self.remove_move_reconcile()
        self._open_dunning_cycles_of(self.move_id)
        paid.filtered(lambda item: not item.reconciled)._follow_dunning_return(on, code)

    def _follow_dunning_return(self, on, code):
        """Say why the payment of these items came back, and let each room do what that asks for.

        :param date on: day of the return
        :param str code: a key of ``RETURN_REASONS``; empty if unknown
        """
        items = self.sudo()
        items._forget_dunning_unmatched()  # the bank did, and said why
        items.write({"dunning_returned_on": on, "dunning_return_code": code or False})
        for name in get_sources(items, RETURNED):
            getattr(items, name)(code)

    @tells_returned
    def _ask_about_dunning_return(self, code):
        """Leave a to-do to whoever follows the invoice, unless the customer contests the debit."""
        if not code or treatment(code) == CONTESTED:
            return
        label = dict(self._fields["dunning_return_code"]._description_selection(self.env))[code]
        for move in self.move_id:
            creditor = move.company_id.dunning_creditor_id
            lang = creditor.partner_id._get_dunning_lang()
            speaking = move.with_context(lang=lang, mail_activity_quick_update=True)
            summaries = {
                FUNDS: speaking.env._("Debit returned (%s): present it again, or remind", label),
                ACCOUNT: speaking.env._("Debit returned (%s): ask for the bank details", label),
            }
            speaking.activity_schedule(
                "account_dunning_fr.mail_activity_type_debit_returned",
                user_id=move._get_dunning_responsible().id,
                summary=summaries.get(
                    treatment(code), speaking.env._("Debit returned (%s): see why", label)
                ),
            )

    # -- Cycles ------------------------------------------------------------------------------------

    def _open_dunning_cycle(self):
        """Count one more cycle for the items that were chased and are unpaid again."""
        chased = self.sudo().filtered(lambda item: item.dunning_level_id and not item.reconciled)
        for cycle, items in chased.grouped("dunning_cycle").items():
            items.write({"dunning_cycle": cycle + 1, "dunning_start_level_id": False})

    # -- Lists -------------------------------------------------------------------------------------

    @api.model
    def _get_dunning_key(self):
        return "id", "move_line_id", "move_line_id"

    # -- The level from which an item reminded elsewhere is chased: who said so, when and why ------

    dunning_start_user_id = fields.Many2one(
        "res.users",
        string="Start level set by",
        copy=False,
        readonly=True,
        groups=ACCOUNTING_GROUPS,
    )
    dunning_start_date = fields.Date(
        string="Start level set on", copy=False, readonly=True, groups=ACCOUNTING_GROUPS
    )
    dunning_start_reason = fields.Char(
        string="Reason of the start level",
        copy=False,
        groups=ACCOUNTING_GROUPS,
        writer="kept",
    )

    dunning_returned_on = fields.Date(
        string="Payment returned on",
        copy=False,
        writer="code",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_return_code = fields.Selection(
        RETURN_REASONS,
        string="Why the bank returned it",
        copy=False,
        writer="code",
        groups=ACCOUNTING_GROUPS,
    )

    # What settled it, while nobody knows yet where that money goes: no new cycle before.
    dunning_taken_off_id = fields.Many2one(
        "account.move",
        string="Receipt to match again",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=ACCOUNTING_GROUPS,
    )
    # What a new cycle followed from, and what it took away: both come back if the receipt was only
    # moved to another invoice.
    dunning_unsettled_by_id = fields.Many2one(
        "account.move",
        string="Receipt taken off it",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_unsettled_level_id = fields.Many2one(
        "account.dunning.level",
        string="Start level before that",
        copy=False,
        readonly=True,
        ondelete="set null",
        groups=ACCOUNTING_GROUPS,
    )

    # A match that a person undid: the receipt stands in the books and pays this no more.
    dunning_unmatched_id = fields.Many2one(
        "account.move",
        string="Receipt unmatched",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_unmatched_on = fields.Date(
        string="Unmatched on", copy=False, readonly=True, groups=ACCOUNTING_GROUPS
    )
    dunning_unmatched_by = fields.Many2one(
        "res.users", string="Unmatched by", copy=False, readonly=True, groups=ACCOUNTING_GROUPS
    )
    dunning_unmatched_reason = fields.Char(
        string="Why it was unmatched", copy=False, writer="kept", groups=ACCOUNTING_GROUPS
    )

    def _get_dunning_state(self):
        return "kept"  # a start level is said of an item that is there, never with a new one

    def write(self, vals):
        if {"dunning_start_level_id", "dunning_start_reason"}.intersection(vals):
            self._check_dunning_start_level(vals)
        result = super().write(vals)
        if "dunning_start_level_id" in vals:
            level_id = vals["dunning_start_level_id"]
            author = {
                "dunning_start_user_id": level_id and self.env.uid,
                "dunning_start_date": level_id and fields.Date.context_today(self),
            }
            if not level_id:
                author["dunning_start_reason"] = False
            self.sudo().write(author)
        return result

    def _check_dunning_start_level(self, vals):
        """Ask who says from where an item is chased, and why.

        :param dict vals: what is written
        :raise AccessError: unless the user may say it
        :raise UserError: if a level comes without a reason
        """
        if self.env.su:
            return
        if not self.env.user.has_group("account_dunning_fr.group_dunning_user"):
            raise AccessError(
                self.env._("Only dunning users set the level from which an item is chased.")
            )
        for item in self:
            level = vals.get("dunning_start_level_id", item.dunning_start_level_id)
            if level and not vals.get("dunning_start_reason", item.dunning_start_reason):
                raise UserError(
                    self.env._(
                        "Write why %s starts at this level, for example « reminded by letter on "
                        "3 March from the former software ».",
                        item.move_id.display_name,
                    )
                )

    def action_undo_dunning_start_level(self):
        """Take the start levels of these items back: they are chased from the first reminder."""
        self.check_access("write")
        started = self.filtered("dunning_start_level_id")
        started.write({"dunning_start_level_id": False})
        done = self.env._("Start levels taken back: %s.", len(started))
        return tell(self.env, done, [self.env._("without one")] * len(self - started))

    # -- Cycles ------------------------------------------------------------------------------------

    def _note_dunning_unmatched(self, receipt):
        """Note that a person took a receipt off these items, while it stands in the books.

        What an entry reset to draft, cancelled or deleted had settled is told by that entry.

        :param receipt: ``account.move``, none where it was deleted
        """
        if receipt.state == "posted":
            today = fields.Date.context_today(self)
            self.sudo().write(
                {
                    "dunning_unmatched_id": receipt.id,
                    "dunning_unmatched_on": today,
                    "dunning_unmatched_by": self.env.uid,
                    "dunning_unmatched_reason": False,
                }
            )

    def _get_dunning_unmatched_words(self):
        """Return which receipt was taken off this item, when, by whom and why, in a few words."""
        self.ensure_one()
        item = self.sudo()
        return self.env._(
            "%(receipt)s, on %(day)s by %(person)s: %(reason)s",
            receipt=item.dunning_unmatched_id.name or self.env._("a receipt"),
            day=format_date(self.env, item.dunning_unmatched_on),
            person=item.dunning_unmatched_by.name or "",
            reason=item.dunning_unmatched_reason or self.env._("unmatched by hand"),
        )

    def _forget_dunning_unmatched(self, receipt=None):
        """Forget that a receipt was taken off: it pays these items again, or the bank has it.

        :param receipt: ``account.move``; any by default
        """
        known = self.sudo().filtered("dunning_unmatched_on")
        if receipt is not None:
            known = known.filtered(lambda item: item.dunning_unmatched_id == receipt)
        names = ("id", "on", "by", "reason")
        known.write(dict.fromkeys((f"dunning_unmatched_{name}" for name in names), False))

    def _wait_for_dunning_receipt(self, receipt):
        """Ask where the receipt of these items goes; they are chased from where they were.

        Money that is only taken off an invoice was not given back: the item starts anew when that
        money leaves (``_open_dunning_cycles_of``), or when a person says so.

        :param receipt: ``account.move``, still in the books
        """
        for item in self.sudo():
            if item.dunning_level_id and not item.reconciled:
                item.dunning_taken_off_id = receipt
                item.move_id._ask_about_dunning_cycle(receipt)

    @api.model
    def _open_dunning_cycles_of(self, receipts):
        """Start anew what these receipts had settled: they left the books, or paid somebody back.

        :param receipts: ``account.move`` records
        """
        waiting = self.sudo().search([("dunning_taken_off_id", "in", receipts.ids)])
        for item in waiting:
            receipt = item.dunning_taken_off_id
            item.dunning_taken_off_id = False
            item.move_id.activity_unlink([QUESTION])
            item._open_dunning_cycle_after(receipt)

    def _open_dunning_cycle_after(self, receipt):
        """Count one more cycle where the item was chased, and remember after which receipt.

        :param receipt: ``account.move`` that had settled it
        """
        start = {item: (item.dunning_cycle, item.dunning_start_level_id) for item in self.sudo()}
        self._open_dunning_cycle()
        for item, (cycle, level) in start.items():
            if item.dunning_cycle > cycle and receipt.exists():
                item.write(
                    {"dunning_unsettled_by_id": receipt.id, "dunning_unsettled_level_id": level.id}
                )

    def _keep_dunning_cycle(self, moves):
        """The receipt that had settled this item pays invoices again: its own, or others.

        :param moves: the invoices that the receipt pays now
        """
        self.ensure_one()
        receipt = self.dunning_taken_off_id
        self.dunning_taken_off_id = False
        if self.reconciled:
            self.move_id.activity_unlink([QUESTION])
        else:
            self.move_id._ask_about_dunning_cycle(receipt, moves - self.move_id)

    def _take_back_dunning_cycle(self, moves):
        """Chase the item again from where it was: its receipt was moved, and nothing undone.

        Whether it should start anew all the same is asked of a person, while it is unpaid.

        :param moves: the invoices that the receipt pays now
        """
        self.ensure_one()
        receipt, level = self.dunning_unsettled_by_id, self.dunning_unsettled_level_id
        vals = {
            "dunning_cycle": self.dunning_cycle - 1,
            "dunning_unsettled_by_id": False,
            "dunning_unsettled_level_id": False,
        }
        if level:
            vals["dunning_start_level_id"] = level.id
            vals["dunning_start_reason"] = self.env._("Start level before its receipt was moved")
        self.write(vals)
        if not self.reconciled:
            self.move_id._ask_about_dunning_cycle(receipt, moves - self.move_id)

    @api.model
    def _propose_dunning_start_levels(self, creditor, today):
        """Return the start level that the age of each backlog item suggests.

        An item overdue for longer than a reminder of its policy would have received it, had the
        reminders been on: the highest such level, at most ``reminder``, so that the next message is
        the step above and nobody starts with a formal notice.

        :param creditor: ``res.company``
        :param date today: the day of the proposal
        :return: ``{account.dunning.level: items}``
        """
        rows = self.env["account.dunning.plan"].sudo()._simulate(creditor, today)
        ladders = {}
        proposals = {}
        for row in rows:
            if row.level_id or row.exclusion or not row.policy_id or row.due >= today:
                continue
            if row.policy_id not in ladders:
                policy = self.env["account.dunning.policy"].sudo().browse(row.policy_id)
                ladders[row.policy_id] = policy.level_ids.filtered(
                    lambda level: level.kind == "reminder"
                ).sorted("rank")
            reached = [
                level
                for level in ladders[row.policy_id]
                if row.due + timedelta(days=level.days) <= today
            ]
            # The first level is where the plan starts anyway.
            if len(reached) > 1:
                proposals.setdefault(reached[-2], []).append(row.move_line_id)
        return {level: self.browse(ids) for level, ids in proposals.items()}
