from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..common.creditors_day import creditors_day
from ..common.dialogs import open_dialog
from ..common.groups import ACCOUNTING_GROUPS
from ..common.ledger_query import as_array, get_fields
from ..common.marks import About, on
from ..common.notifications import RELOAD
from .account_dunning_cycled import QUESTION
from .query.holds import current

# Reasons not to chase an invoice that a person may change.
STOPS = (
    "hold",
    "blocked",
    "no_followup",
    "in_payment",
    "covered",
    "possible",
    "no_policy",
    "minimum",
)

# What an invoice shows at a glance, most decisive first; then the reasons of holds behind each.
STANDINGS = [
    ("insolvency", "Insolvency proceedings"),
    ("case", "Before the court"),
    ("dispute", "In dispute"),
    ("plan", "In a payment plan"),
    ("promise", "Promised"),
    ("formal_notice", "Under formal notice"),
    ("suspended", "Suspended"),
]
STANDING_OF_HOLD = {
    **{reason: reason for reason in ("insolvency", "case", "dispute", "plan", "promise")},
    "einvoice_refused": "dispute",
}
# What the queries for the standings read, besides what the form or list of invoices shows.
READ_FOR_HOLDS = {
    "account.dunning.hold": [
        *("partner_id", "move_id", "company_id", "reason", "claims_before"),
        *("date_from", "date_until", "released_on"),
    ],
}
READ_FOR_FORMAL_NOTICES = {
    "account.move.line": ["move_id", "dunning_level_id", "reconciled"],
    "account.dunning.level": ["kind"],
}
# What the query for the levels reads.
READ_FOR_LEVELS = {
    "account.move.line": ["move_id", "dunning_level_id"],
    "account.dunning.level": ["rank"],
}
TAKEN_OFF = (  # items that a receipt was taken off; the first wait for it
    About("account.move.line", "dunning_taken_off_id"),
    About("account.move.line", "dunning_unmatched_id"),
)


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "account.dunning.columns"]

    dunning_level_id = fields.Many2one(
        "account.dunning.level",
        compute="_compute_dunning_level_id",
        search="_search_dunning_level_id",
        string="Dunning level",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_next_level_id = fields.Many2one(
        "account.dunning.level",
        compute="_compute_dunning_plan",
        string="Next step",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_next_date = fields.Date(
        compute="_compute_dunning_plan", string="Planned on", groups=ACCOUNTING_GROUPS
    )
    dunning_reason = fields.Char(
        compute="_compute_dunning_plan",
        string="Situation",
        groups=ACCOUNTING_GROUPS,
        help="What happens next with this invoice, or why it is not chased.",
    )
    dunning_stop = fields.Char(
        compute="_compute_dunning_plan",
        groups=ACCOUNTING_GROUPS,
        help="What stops the dunning of this invoice, if anything does.",
    )
    dunning_hold_id = fields.Many2one(
        "account.dunning.hold", compute="_compute_dunning_plan", groups=ACCOUNTING_GROUPS
    )

    dunning_standing = fields.Selection(
        STANDINGS,
        compute="_compute_dunning_standing",
        string="Standing",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_standing_text = fields.Char(
        compute="_compute_dunning_standing",
        string="Recovery",
        groups=ACCOUNTING_GROUPS,
        help="In dispute, promised, in a payment plan, under formal notice or before the court.",
    )

    @api.depends("state", "payment_state", "move_type", "commercial_partner_id", "invoice_date")
    @api.depends_context("lang")
    def _compute_dunning_standing(self):
        """Query the standing of unpaid invoices, in one statement however many there are."""
        self._show_dunning_standings(self._ask_dunning_standings())

    def _show_dunning_standings(self, found):
        """Set the fields from what was found: keys of ``STANDINGS`` and others, by invoice's id."""
        labels = self._fields["dunning_standing"]._description_selection(self.env)
        # Most invoices of a page show the same: written together.
        by_keys = self.grouped(lambda move: frozenset(found.get(move._origin.id, ())))
        for keys, moves in by_keys.items():
            mine = [(key, label) for key, label in labels if key in keys]
            moves.dunning_standing = mine[0][0] if mine else False
            moves.dunning_standing_text = " · ".join(label for _key, label in mine)

    def _ask_dunning_standings(self):
        """Return what is found about these invoices: ``{move id: set of keys}``.

        Every invoice that is opened asks: one statement for all rooms, without the ORM's searches.
        """
        found = defaultdict(set)
        if questions := self._get_dunning_standing_questions():
            for move_id, is_hold, key in self.env.execute_query(SQL(" UNION ALL ").join(questions)):
                found[move_id].add(STANDING_OF_HOLD.get(key, "suspended") if is_hold else key)
        return found

    def _get_dunning_standing_questions(self):
        """Return the queries, of rows (invoice's id, whether a hold's, its reason or a key)."""
        asked, companies = defaultdict(list), self.company_id
        alone = len(companies) == 1  # as nearly always: faster than asking each invoice
        for company, moves in ({companies: self} if alone else self.grouped("company_id")).items():
            if rows := moves._read_dunning_unpaid():
                asked[company.sudo().dunning_creditor_id] += rows
        if not asked:
            return []
        holds = [self._select_dunning_holds(*each) for each in asked.items()]
        ids = [move_id for rows in asked.values() for move_id, *_rest in rows]
        return [*holds, self._select_dunning_formal_notices(ids)]

    def _read_dunning_unpaid(self):
        """Return id, customer's id and date of those that are to be paid, as tuples."""
        return [
            (move.id, move.commercial_partner_id.id or None, move.invoice_date or None)
            for move in self
            if move.id
            and move.state == "posted"
            and move.move_type in ("out_invoice", "out_receipt")
            and move.payment_state not in ("paid", "reversed", "in_payment")
        ]

    def _select_dunning_holds(self, creditor, rows):
        """Return a query for the holds in force of some invoices.

        It takes what Odoo read of the invoices as values: planning a join would take PostgreSQL
        longer than the answer.

        :param creditor: ``res.company``
        :param list rows: id, customer's id and date of each invoice
        """
        ids, partners, dates = map(as_array, zip(*rows, strict=True))
        return SQL(
            """
            SELECT move.id, TRUE, hold.reason
              FROM unnest(%(ids)s::int[], %(partners)s::int[], %(dates)s::date[])
                   move (id, partner_id, invoice_date)
              JOIN account_dunning_hold hold
                ON hold.partner_id = move.partner_id
               AND (hold.move_id IS NULL OR hold.move_id = move.id)
             WHERE %(current)s
            """,
            ids=ids,
            partners=partners,
            dates=dates,
            current=current(creditor.ids, creditors_day(creditor), SQL("move.invoice_date")),
            to_flush=get_fields(self.env, READ_FOR_HOLDS),
        )

    def _select_dunning_formal_notices(self, ids):
        """Return a query for those of these invoices that had a formal notice.

        The levels are an array: a join may make PostgreSQL read all items that have a level.
        """
        return SQL(
            """
            SELECT item.move_id, FALSE, 'formal_notice'
              FROM account_move_line item
             WHERE item.move_id = ANY(%s::int[]) AND item.reconciled IS NOT TRUE
               AND item.dunning_level_id = ANY(ARRAY(
                   SELECT id FROM account_dunning_level WHERE kind = 'formal_notice'))
            """,
            as_array(ids),
            to_flush=get_fields(self.env, READ_FOR_FORMAL_NOTICES),
        )

    @api.depends("line_ids.dunning_level_id")
    def _compute_dunning_level_id(self):
        kept = self.filtered(lambda move: isinstance(move.id, int))
        for move in self - kept:  # being typed: its items are nowhere else
            move.dunning_level_id = move.line_ids.dunning_level_id.sorted("rank")[-1:]
        # Of a page in one query: their items, with all that Odoo reads of an item, cost much more.
        query = SQL(
            "SELECT move.id, %s FROM account_move move WHERE move.id IN %s",
            self._get_dunning_level_sql(SQL("move.id")),
            tuple(kept.ids) or (0,),
            to_flush=get_fields(self.env, READ_FOR_LEVELS),
        )
        levels = dict(self.env.execute_query(query))
        for level, moves in kept.grouped(lambda move: levels.get(move.id)).items():
            moves.dunning_level_id = level

    @api.depends("state", "payment_state", "line_ids.dunning_level_id", "line_ids.no_followup")
    def _compute_dunning_plan(self):
        rows_by_move = self._get_dunning_rows()
        rows = {move: self._pick_dunning_row(rows_by_move.get(move.id, [])) for move in self}
        plan = self.env["account.dunning.plan"].sudo()
        confirmed = plan._find_confirmed(list(filter(None, rows.values())))
        for move, row in rows.items():
            is_confirmed = bool(row) and row.move_line_id in confirmed
            move.update(move._prepare_dunning_plan(row, is_confirmed))

    def _prepare_dunning_plan(self, row, confirmed=False):
        """Return what the plan says of this invoice, by field: one run of the plan answers all.

        :param row: its row of the plan, or None
        :param bool confirmed: whether a person confirmed today's step
        """
        self.ensure_one()
        return {
            "dunning_next_level_id": row and row.next_level_id,
            "dunning_next_date": row and not row.stop and row.next_date,
            "dunning_reason": self._get_dunning_sentence(row, confirmed),
            "dunning_stop": row and row.reason in STOPS and row.reason,
            "dunning_hold_id": row and row.hold_id,
        }

    def _get_dunning_rows(self):
        """Return today's plan for the customers of these invoices, ``{move id: rows}``."""
        rows_by_move = {}
        moves = self.filtered(
            lambda m: m.id and m.state == "posted" and m.is_sale_document(include_receipts=True)
        )
        for creditor, group in moves.grouped(lambda m: m.company_id.dunning_creditor_id).items():
            plan = self.env["account.dunning.plan"].sudo()
            for row in plan._simulate(creditor, partners=group.commercial_partner_id):
                rows_by_move.setdefault(row.move_id, []).append(row)
        return rows_by_move

    @api.model
    def _pick_dunning_row(self, rows):
        """Return the item of an invoice that moves next; items that are stopped come last."""
        far = fields.Date.to_date("9999-12-31")
        return min(
            rows,
            key=lambda row: (bool(row.stop), row.next_date or far, row.due),
            default=None,
        )

    def _get_dunning_sentence(self, row, confirmed=False):
        """Return in one sentence what happens next with the invoice, or why nothing does."""
        self.ensure_one()
        if self.state != "posted":
            return self.env._("Not posted: only posted invoices are chased.")
        if row is None:
            if self.payment_state in ("paid", "reversed", "in_payment"):
                return self.env._("Nothing to chase: this invoice is settled.")
            return self.env._("Nothing to chase: no amount is due on this invoice.")
        creditor = self.company_id.dunning_creditor_id
        return self.env["account.dunning.plan"].sudo()._explain(creditor, row, confirmed)

    def action_dunning_hold(self):
        """Open the form that suspends the dunning of this invoice."""
        self.ensure_one()
        return open_dialog(
            "account.dunning.hold",
            self.env._("Suspend dunning"),
            {
                "default_move_id": self.id,
                "default_partner_id": self.commercial_partner_id.id,
                "default_company_id": self.company_id.dunning_creditor_id.id,
            },
        )

    # -- Lists: sort, filter and group by level ----------------------------------------------------

    @api.model
    def _get_dunning_key(self):
        return "move_id", "move_id", "move_id"

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "dunning_level_id":
            self._check_field_access(self._fields[field_expr], "read")
            value = self._get_dunning_level_sql(SQL.identifier(alias, "id"))
            return SQL("%s", value, to_flush=get_fields(self.env, READ_FOR_LEVELS))
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _get_dunning_level_sql(self, record):
        """Return the highest level of the items of an invoice, as SQL."""
        return SQL(
            """
            (SELECT item.dunning_level_id
               FROM account_move_line item
               JOIN account_dunning_level level ON level.id = item.dunning_level_id
              WHERE item.move_id = %s
              ORDER BY level.rank DESC, level.id DESC LIMIT 1)
            """,
            record,
        )

    def _search_dunning_level_id(self, operator, value):
        """Search invoices by the highest level of their items."""
        if operator not in ("in", "ilike", "=ilike", "any"):
            return NotImplemented
        if operator == "any":
            level_ids = list(self.env["account.dunning.level"]._search(value))
        elif operator == "in":
            level_ids = [each for each in value if each]
        else:
            level_ids = self.env["account.dunning.level"].search([("name", operator, value)]).ids
        without = operator == "in" and False in value
        matches = SQL("%s = ANY(%s)", self._get_dunning_level_sql(SQL("item.move_id")), level_ids)
        moves = SQL(
            "(SELECT item.move_id FROM account_move_line item "
            "WHERE item.dunning_level_id IS NOT NULL AND %s)",
            SQL("NOT %s", matches) if without else matches,
            to_flush=get_fields(self.env, READ_FOR_LEVELS),
        )
        return [("id", "not in" if without else "in", moves)]

    def _get_dunning_received(self):
        """Return the items with which these entries and credit notes pay what customers owe.

        :return: ``account.move.line``, with full rights
        """
        paying = self.sudo().filtered(lambda move: move.move_type in ("entry", "out_refund"))
        items = paying.line_ids.filtered(lambda line: line.balance < 0)
        return items._filter_dunning_receivable()

    def _get_dunning_parties(self):
        """Return the debtor and the creditor of these invoices, whatever the current company.

        :return: ``(commercial partner, res.company)``
        :raise UserError: if there are several customers or creditors
        """
        partner = self.commercial_partner_id
        creditor = self.company_id.dunning_creditor_id
        if len(partner) != 1 or len(creditor) != 1:
            raise UserError(self.env._("Choose the invoices of one customer."))
        return partner, creditor

    def action_dunning_page(self):
        """Open the page of the customer to work from."""
        self.ensure_one()
        return self.commercial_partner_id.action_dunning_page()

    # -- Level of an invoice whose receipt was moved to another one --------------------------------

    def _ask_about_dunning_cycle(self, receipt, others=None):
        """Ask the person in charge whether this invoice starts anew; until then it goes on.

        :param receipt: what had settled it
        :param others: the invoices that it pays now; None while it pays none
        """
        self.ensure_one()
        self.activity_unlink([QUESTION])
        creditor = self.company_id.dunning_creditor_id.sudo()
        speaking = self._in_dunning_lang()
        partner = self.commercial_partner_id.sudo()
        user = partner._get_dunning_user() or creditor.dunning_user_id
        speaking.with_context(mail_activity_quick_update=True).activity_schedule(
            QUESTION,
            user_id=user.id or self.env.uid,
            **speaking._word_dunning_question(receipt, others),
        )

    def _word_dunning_question(self, receipt, others):
        """Return the ``summary`` and the ``note`` of the question, in the language in use."""
        if others is None:
            return {
                "summary": self.env._("Receipt taken off this invoice"),
                "note": self.env._(
                    "%(receipt)s had settled this invoice, and is set against nothing now. The "
                    "invoice keeps its level until then: match the receipt, or start the invoice "
                    "anew in its follow-up tab.",
                    receipt=receipt.name,
                ),
            }
        return {
            "summary": self.env._("Receipt moved to another invoice"),
            "note": self.env._(
                "%(receipt)s had settled this invoice, and now pays %(others)s. The invoice is "
                "chased from the level where it was: mark this done if that is right, or start it "
                "anew in its follow-up tab.",
                receipt=receipt.name,
                others=", ".join(others.mapped("name")) or self.name,
            ),
        }

    @on("reset deleting", *TAKEN_OFF)
    def _open_dunning_cycles(self, _before):
        self.env["account.move.line"]._open_dunning_cycles_of(self)

    def _has_dunning_question(self):
        """Whether somebody was asked if this invoice starts anew."""
        return bool(self.sudo().activity_search([QUESTION]))

    def action_dunning_start_anew(self):
        """Chase this invoice from the first reminder again, from its old due date."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("account_dunning_fr.group_dunning_user"):
            raise AccessError(
                self.env._("Only dunning users set the level from which an item is chased.")
            )
        self.line_ids._open_dunning_cycle()
        self.line_ids.sudo().dunning_taken_off_id = False
        for move in self:
            env = move._in_dunning_lang().env
            move.activity_feedback([QUESTION], feedback=env._("Chased from the first reminder"))
        return RELOAD
