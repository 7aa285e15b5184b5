from itertools import chain

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, formatLang

from ...models.common.creditors_day import creditors_day
from ...models.common.due import RECEIVABLE_ITEMS
from ...models.common.notifications import notify

NOTES_AT_ONCE = 10  # entries whose note is made at once; the scheduled action makes the rest


class AccountDunningBooking(models.TransientModel):
    """Preview of a booking of penalties: what would be booked for each item, or why nothing is.

    Ticked lines are computed again and booked by the same code as in the scheduled action.
    """

    _name = "account.dunning.booking"
    _inherit = ["account.dunning.dialog", "account.dunning.plausible"]
    _description = "Booking of Late-Payment Penalties"

    company_id = fields.Many2one("res.company", string="Creditor", required=True, readonly=True)
    date_until = fields.Date(
        string="Up to",
        required=True,
        default=creditors_day,
        help="Last day that counts, and date of the entries.",
    )
    partner_ids = fields.Many2many("res.partner", readonly=True)
    move_ids = fields.Many2many("account.move", readonly=True)
    penalty_ids = fields.Many2many("account.dunning.penalty", readonly=True)
    line_ids = fields.One2many(
        "account.dunning.booking.line",
        "booking_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    warning = fields.Char(compute="_compute_warning")
    rate_figures = fields.Json(compute="_compute_line_ids", store=True)
    rate_warning = fields.Char(compute="_compute_rate_warning")
    summary = fields.Char(compute="_compute_summary")
    can_book = fields.Boolean(compute="_compute_summary")
    posts = fields.Boolean(related="company_id.dunning_post_penalties", related_sudo=True)

    @api.model
    def _open(self, partners=None, moves=None, penalties=None):
        """Open the preview for customers, invoices or penalties; by default for everything.

        :return: window action
        """
        booking = self._prepare(partners, moves, penalties)
        return booking._get_records_action(name=self.env._("Book penalties"), target="new")

    @api.model
    def _prepare(self, partners=None, moves=None, penalties=None):
        """Create the preview shown by ``_open``."""
        self.env["account.dunning.penalty"]._check_manage()
        scope = penalties or moves
        if scope:
            scope.check_access("read")
        creditor = scope.company_id.dunning_creditor_id if scope else None
        creditor = creditor or self.env.company.dunning_creditor_id
        if len(creditor) != 1:
            raise UserError(self.env._("Choose the penalties of one creditor at a time."))
        return self.create(
            {
                "company_id": creditor.id,
                "partner_ids": partners.commercial_partner_id.ids if partners else False,
                "move_ids": moves.ids if moves else False,
                "penalty_ids": penalties.ids if penalties else False,
            }
        )

    @api.model
    def _book_today(self):
        """Book what the preview of everything proposes today; see ``action_book``."""
        return self._prepare().action_book()

    # -- What would be booked ----------------------------------------------------------------------

    @api.depends("date_until", "company_id")
    def _compute_line_ids(self):
        rates = self.env["account.dunning.rate"]
        for booking in self:
            rows = booking._get_rows() if booking.date_until and booking.company_id else []
            booking.line_ids = [
                Command.clear(),
                *(Command.create(booking._prepare_line(row)) for row in rows),
            ]
            figures = (row.get("figures", ()) for row in rows if row["to_book"]["interest"])
            booking.rate_figures = rates._write_figures(chain.from_iterable(figures))

    def _get_rows(self):
        """Return the rows of the preview in the scope of this booking."""
        self.ensure_one()
        self._check_creditor()
        moves, penalties = self.move_ids._origin, self.penalty_ids._origin
        customers = self.partner_ids._origin | (moves | penalties.move_id).commercial_partner_id
        customers |= penalties.partner_id | moves.line_ids.partner_id.commercial_partner_id
        rows = self.env["account.dunning.penalty"]._preview(
            self.company_id._origin, self.date_until, customers or None, self._get_asked_moves()
        )
        if moves:
            rows = [row for row in rows if (row["item"] or row["penalty"]).move_id in moves]
        elif penalties:
            rows = [row for row in rows if row["penalty"] in penalties]
        elif not customers:  # for the whole ledger, only what has to be done or corrected
            rows = [row for row in rows if any(row["to_book"].values()) or row["penalty"].problem]
        return sorted(rows, key=self._sort_key)

    def _get_asked_moves(self):
        """Return the entries whose items are shown even if their level books nothing."""
        if self.move_ids or not self.partner_ids:
            return self.move_ids._origin
        items = self.env["account.move.line"].search(
            [
                ("company_id", "in", self.company_id._get_dunning_companies().ids),
                ("partner_id", "child_of", self.partner_ids.ids),
                *RECEIVABLE_ITEMS,
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        return items.move_id

    @api.model
    def _sort_key(self, row):
        source = row["item"] or row["penalty"]
        return source.partner_id.display_name or "", str(source.date_maturity or ""), source.id

    @api.model
    def _prepare_line(self, row):
        source = row["item"] or row["penalty"]
        penalty = row["penalty"]
        return {
            "selected": any(row["to_book"].values()),
            "penalty_id": penalty.id,
            "move_line_id": row["item"].id,
            "move_id": source.move_id.id,
            "partner_id": source.partner_id.commercial_partner_id.id,
            "date_maturity": source.date_maturity,
            "currency_id": source.currency_id.id,
            "interest": float(row["interest"]),
            "indemnity": float(row["indemnity"]),
            "booked_interest": penalty.booked_interest,
            "booked_indemnity": penalty.booked_indemnity,
            "waived_interest": penalty.waived_interest,
            "waived_indemnity": penalty.waived_indemnity,
            "interest_to_book": float(row["to_book"]["interest"]),
            "indemnity_to_book": float(row["to_book"]["indemnity"]),
            "reason": row["reason"],
        }

    @api.depends("company_id", "date_until")
    def _compute_warning(self):
        for booking in self:
            booking.warning = booking.company_id and booking.date_until and booking._get_warning()

    @api.depends("rate_figures")
    def _compute_rate_warning(self):
        """Warn that a rate used for the booking is not confirmed; this does not stop it."""
        rates = self.env["account.dunning.rate"]
        for booking in self:
            booking.rate_warning = rates._explain_kept(booking.rate_figures)

    def _get_warning(self):
        """Return what stops the booking or changes its date, for the user, or False."""
        self.ensure_one()
        try:
            journal, _account = self.company_id._get_dunning_accounting()
        except UserError as error:
            return str(error)
        if self.date_until > creditors_day(self):
            return self.env._("Penalties are booked once they are owed: choose a day in the past.")
        date = journal.company_id._get_dunning_open_day(self.date_until, journal)
        if date != self.date_until:
            return self.env._(
                "The period of %(until)s is locked: the entries will be dated %(date)s, the first "
                "open day.",
                until=format_date(self.env, self.date_until),
                date=format_date(self.env, date),
            )
        return False

    @api.depends("line_ids.selected", "line_ids.interest_to_book", "line_ids.indemnity_to_book")
    @api.depends_context("lang")
    def _compute_summary(self):
        euro = self.env["res.currency"]._get_dunning_euro()
        for booking in self:
            chosen = booking.line_ids.filtered(lambda line: line.selected and line._is_bookable())
            booking.can_book = bool(chosen)
            if not chosen:
                booking.summary = self.env._("Nothing to book.")
                continue
            interests = [
                formatLang(self.env, sum(lines.mapped("interest_to_book")), currency_obj=currency)
                for currency, lines in chosen.grouped("currency_id").items()
            ]
            indemnity = sum(chosen.mapped("indemnity_to_book"))
            booking.summary = self.env._(
                "To book: %(interest)s of interest and %(indemnity)s of flat indemnities, on "
                "%(items)s items of %(customers)s customers.",
                interest=", ".join(interests),
                indemnity=formatLang(self.env, indemnity, currency_obj=euro),
                items=len(chosen),
                customers=len(chosen.partner_id),
            )

    def _check_creditor(self):
        """:raise AccessError: if the creditor is not one of the user's companies"""
        if self.company_id._origin not in self.env.companies:
            raise AccessError(
                self.env._("Switch to the company %s to book its penalties.", self.company_id.name)
            )

    # -- Actions -----------------------------------------------------------------------------------

    def action_toggle(self):
        """Tick all the lines that can be booked, or none of them."""
        self.ensure_one()
        bookable = self.line_ids.filtered(lambda line: line._is_bookable())
        bookable.selected = not all(bookable.mapped("selected"))
        return self._get_records_action(name=self.env._("Book penalties"), target="new")

    def action_book(self):
        """Compute the ticked lines again and book them, one entry per customer.

        :return: action on the entries, with a message if some customers could not be booked; or on
            the progress, if many customers are left to the scheduled action
        """
        self.ensure_one()
        Penalty = self.env["account.dunning.penalty"]
        Penalty._check_manage()
        self._check_creditor()
        if self.date_until > creditors_day(self):
            raise UserError(self._get_warning())
        chosen = self.line_ids.filtered(lambda line: line.selected and line._is_bookable())
        if not chosen:
            raise UserError(self.env._("Tick at least one line to book."))
        computed = Penalty._compute(self.company_id, self.date_until, chosen.partner_id)
        penalties = computed.filtered(
            lambda penalty: (
                penalty.move_line_id in chosen.move_line_id or penalty in chosen.penalty_id
            )
        )
        runs = self.env["account.dunning.run"]
        if runs._is_long(len(penalties.partner_id), at_once=50):
            batches = list(penalties._group_by_customer().values())
            until = fields.Date.to_string(self.date_until)
            return runs._enqueue(batches, "_book_chosen", until=until)
        result = penalties._book_all(self.date_until, force=True)
        problems = list(filter(None, penalties.mapped("problem")))
        if not result["entries"]:
            raise UserError(
                next(iter(problems), False)
                or self.env._("There is nothing to book: all of it is booked.")
            )
        result["entries"][:NOTES_AT_ONCE]._document_dunning_penalties()
        return self._show(result["entries"], problems)

    def _show(self, entries, problems):
        """Return the action on the entries, with a message about what could not be booked."""
        action = self._show_entries(entries)
        if not problems:
            return action
        message = self.env._(
            "%s The reason is on each of them: see “To look at” in Penalties.", problems[0]
        )
        title = self.env._("Some penalties were not booked")
        return notify(message, title=title, tone="warning", then=action)

    def _show_entries(self, entries):
        """Return the action on the entries, a list with customer, date and state even for one."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries of penalties"),
            "res_model": entries._name,
            "view_mode": "list,form",
            "views": [
                (self.env.ref("account_dunning_fr.view_move_penalty_entries_list").id, "list"),
                (False, "form"),
            ],
            "domain": [("id", "in", entries.ids)],
            "target": "current",
        }


class AccountDunningBookingLine(models.TransientModel):
    """One item in the preview of a booking."""

    _name = "account.dunning.booking.line"
    _inherit = ["account.dunning.dialog"]
    _description = "Line of a Booking of Penalties"

    booking_id = fields.Many2one("account.dunning.booking", required=True, ondelete="cascade")
    selected = fields.Boolean(string="Book")
    penalty_id = fields.Many2one("account.dunning.penalty")
    move_line_id = fields.Many2one("account.move.line", string="Item")
    move_id = fields.Many2one("account.move", string="Invoice")
    partner_id = fields.Many2one("res.partner", string="Customer")
    date_maturity = fields.Date(string="Due date")
    currency_id = fields.Many2one("res.currency")
    euro_id = fields.Many2one("res.currency", compute="_compute_euro_id")
    interest = fields.Monetary(string="Interest computed")
    indemnity = fields.Monetary(string="Indemnity computed", currency_field="euro_id")
    booked_interest = fields.Monetary(string="Interest booked")
    booked_indemnity = fields.Monetary(string="Indemnity booked", currency_field="euro_id")
    waived_interest = fields.Monetary(string="Interest waived")
    waived_indemnity = fields.Monetary(string="Indemnity waived", currency_field="euro_id")
    interest_to_book = fields.Monetary()
    indemnity_to_book = fields.Monetary(currency_field="euro_id")
    reason = fields.Char(string="Why not", help="Why nothing is booked for this item.")

    def _compute_euro_id(self):
        self.euro_id = self.env["res.currency"]._get_dunning_euro()

    def _is_bookable(self):
        self.ensure_one()
        return bool(self.interest_to_book or self.indemnity_to_book)
