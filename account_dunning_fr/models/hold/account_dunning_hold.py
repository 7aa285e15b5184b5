from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tools import format_amount, format_date

from ...core.interest import Event
from ...core.money import to_decimal
from ..common.account_dunning_run import recorded
from ..common.creditors_day import creditors_day
from ..common.due import INSTALMENTS_TEXT
from ..common.marks import collect, tells
from ..common.notifications import tell

RESTRICTION = "restriction"
REASONS = [
    ("dispute", "Dispute"),
    ("promise", "Promise to pay"),
    ("plan", "Payment plan"),
    ("insolvency", "Insolvency proceedings"),
    ("einvoice_refused", "E-invoice refused"),
    ("address", "Address to correct"),
    ("case", "Court file"),
    ("factor", "Assigned to a factor"),
    ("agency", "Entrusted to a collection agency"),
    ("answered", "Answer to read"),
    ("said_paid", "The customer says that he paid"),
    ("postponed", "Postponed"),
    (RESTRICTION, "Processing restricted (GDPR art. 18)"),
    ("manual", "Other"),
]
WHOM = ("partner_id", "company_id", "move_id", "move_line_id")
# What the customer contests: not claimed in the meantime.
DISPUTES = ("dispute", "einvoice_refused")

EXCLUDED_DAYS = 90  # days overdue from which an excluded invoice is reviewed
REVIEW = "account_dunning_fr.mail_activity_type_review"


def follow_invoice(records):
    """Set the creditor of these records to the company that claims their invoice.

    Without an invoice, keep the one chosen, else take the creditor of the current company.

    :param records: holds or disputes
    """
    for record in records:
        company = record.move_id.company_id or record.company_id or record.env.company
        record.company_id = company.dunning_creditor_id


class AccountDunningHold(models.Model):
    """Why a customer, an invoice or one item of it is not chased, and until when."""

    _name = "account.dunning.hold"
    _description = "Dunning Hold"
    _inherit = [
        "account.dunning.guarded",
        "account.dunning.plausible",
        "account.dunning.following",
    ]
    _order = "date_from, id"
    _rec_name = "reason"
    _dunning_shown_state = "released_on and 'released' or has_owner and 'owned' or 'open'"

    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        index=True,
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        writer="create open",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index=True,
        writer="create open",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        compute="_compute_move_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="cascade",
        domain="[('commercial_partner_id', '=', partner_id),"
        " ('company_id', 'child_of', company_id)]",
        help="Empty: everything this customer owes.",
        writer="create open",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        index="btree_not_null",
        ondelete="cascade",
        domain=INSTALMENTS_TEXT,
        help="One instalment of the invoice. Empty: the whole invoice.",
        writer="create open",
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, precompute=True
    )
    amount_held = fields.Monetary(
        string="Part on hold",
        help="Only this part of the invoice, or of its instalment, is not claimed; the rest is. "
        "Empty: all of it.",
        writer="create open",
    )
    amounts_before = fields.Json(
        readonly=True,
        copy=False,
        help="What was held before the part on hold changed: {first day of the new part: sum}.",
    )
    reason = fields.Selection(REASONS, required=True, default="manual", writer="create open")
    note = fields.Char(help="What happened, for whoever reads this later.", writer="create open")
    date_from = fields.Date(required=True, default=creditors_day, writer="create open")
    date_until = fields.Date(
        string="Until",
        help="Last day of the hold. Empty: until released; it is then reviewed.",
        writer="create open",
    )
    claims_before = fields.Date(
        string="Only invoices dated before",
        help="For insolvency proceedings: invoices of this date or later go on being chased.",
        writer="create open",
    )
    user_id = fields.Many2one(
        "res.users", string="Set by", default=lambda self: self.env.user, readonly=True
    )
    einvoice_status = fields.Char(string="E-invoice status", readonly=True, copy=False)
    has_owner = fields.Boolean(compute="_compute_has_owner")
    released_on = fields.Date(readonly=True)
    released_by = fields.Many2one("res.users", readonly=True)
    is_current = fields.Boolean(compute="_compute_is_current", search="_search_is_current")

    _dates_order = models.Constraint(
        "CHECK (date_until IS NULL OR date_until >= date_from)",
        "A hold cannot end before it starts.",
    )

    _amount_held_positive = models.Constraint(
        "CHECK (amount_held IS NULL OR amount_held >= 0)",
        "The part on hold cannot be negative.",
    )

    @api.depends("move_id")
    def _compute_company_id(self):
        follow_invoice(self)

    @api.depends("move_line_id")
    def _compute_move_id(self):
        for hold in self:
            hold.move_id = hold.move_line_id.move_id or hold.move_id

    @api.depends("move_id", "move_line_id")
    def _compute_partner_id(self):
        for hold in self:
            # An entry may have no customer of its own, but its items do.
            debtor = hold.move_line_id.partner_id or hold.move_id.line_ids.partner_id[:1]
            hold.partner_id = (
                hold.move_id.commercial_partner_id
                or debtor.commercial_partner_id
                or hold.partner_id
            )

    @api.depends("move_id", "company_id")
    def _compute_currency_id(self):
        for hold in self:
            hold.currency_id = hold.move_id.currency_id or hold.company_id.currency_id

    @api.depends(lambda self: self._get_owner_names())
    def _compute_has_owner(self):
        for hold in self:
            hold.has_owner = bool(hold._get_owner())

    @api.depends("date_from", "date_until", "released_on")
    def _compute_is_current(self):
        current = self.filtered_domain(self._get_current_domain(creditors_day(self)))
        for hold in self:
            hold.is_current = hold in current

    @api.model
    def _get_current_domain(self, day, *, in_the_past=False):
        """Return the domain of holds in force; ``plan.query.holds.current`` is the same in SQL.

        :param bool in_the_past: whether holds released after the day were still in force
        """
        in_force = fields.Domain("released_on", "=", False)
        if in_the_past:
            in_force |= fields.Domain("released_on", ">", day)
        return (
            in_force
            & fields.Domain("date_from", "<=", day)
            & (fields.Domain("date_until", "=", False) | fields.Domain("date_until", ">=", day))
        )

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        current = self._search(self._get_current_domain(creditors_day(self)))
        return [("id", "in" if True in value else "not in", current)]

    @api.constrains("company_id", "partner_id", "move_id", "move_line_id", "amount_held")
    def _check_coherent(self):
        for hold in self:
            if not hold._get_owner():  # it was asked already, and must not be asked again
                hold.company_id._check_dunning_owed(hold.move_id)
            if hold.amount_held and not hold.move_id:
                raise ValidationError(
                    self.env._("Choose the invoice of which a part is not to be claimed.")
                )
            if hold.move_line_id and hold.move_line_id.move_id != hold.move_id:
                raise ValidationError(self.env._("This item is not part of the chosen invoice."))
            debtors = hold.move_id.line_ids.partner_id.commercial_partner_id
            if hold.move_id and hold.partner_id.commercial_partner_id not in debtors:
                raise ValidationError(self.env._("This invoice is not one of this customer's."))

    @api.model_create_multi
    def create(self, vals_list):
        holds = super().create(vals_list)
        for hold in holds.filtered(lambda hold: hold.partner_id.parent_id):
            hold.partner_id = hold.partner_id.commercial_partner_id
        return holds

    def write(self, vals):
        self._keep_what_stood(vals)
        if "amount_held" in vals:
            self._note_amounts(vals["amount_held"])
        return super().write(vals)

    def _keep_what_stood(self, vals):
        """Keep whom these holds held so far, or until when, where they hold others from now on.

        An ended copy keeps it, and the hold begins today: a past day sees what stood on it. A first
        day that is written as well corrects what was entered.
        """
        if "date_from" in vals or not {*WHOM, "date_until"}.intersection(vals):
            return
        today = creditors_day(self)
        until = fields.Date.to_date(vals.get("date_until"))
        for hold in self.filtered(lambda hold: not hold.released_on and hold.date_from < today):
            is_over = hold.date_until and hold.date_until < today
            goes_on = is_over and "date_until" in vals and (not until or until >= today)
            if not goes_on and (is_over or not hold._holds_others(vals)):
                continue
            kept = {name: hold[name].id for name in (*hold._get_owner_names(), "user_id")}
            ended = hold.date_until + timedelta(days=1) if is_over else today
            hold._owned().copy(
                {
                    **kept,
                    "amounts_before": hold.amounts_before,
                    "released_on": ended,
                    "released_by": self.env.uid,
                }
            )
            hold._owned().write({"date_from": today, "amounts_before": False})

    def _holds_others(self, vals):
        """Return whether these values name another customer, invoice or item than this hold."""
        customer = self.partner_id.commercial_partner_id
        partners = customer.browse(vals.get("partner_id") or [])
        if "partner_id" in vals and partners.commercial_partner_id != customer:
            return True
        return any(name in vals and self[name].id != (vals[name] or False) for name in WHOM[1:])

    def _note_amounts(self, amount):
        """Keep what is held before it changes: a past day sees what was held on it."""
        today = creditors_day(self)
        for hold in self.filtered(lambda hold: hold.date_from < today):
            currency, before = hold.currency_id, hold.amounts_before or {}
            if currency.compare_amounts(hold.amount_held, amount or 0):
                # Of several changes on a day, what was held before the first.
                hold._owned().amounts_before = {today.isoformat(): hold.amount_held, **before}

    def _get_amount_on(self, day):
        """Return the part that was held on a day, 0 for the whole; ``amount_on`` is its twin.

        :param date day: None where it is what is held now
        """
        self.ensure_one()
        if day is None:
            return self.amount_held
        later = [key for key in self.amounts_before or {} if key > day.isoformat()]
        return self.amounts_before[min(later)] if later else self.amount_held

    def _get_dunning_state(self):
        """A hold that follows from another record, or that ended, is not changed by hand."""
        self.ensure_one()
        if self.released_on:
            return "released"
        return "owned" if self._get_owner() else "open"

    def action_release(self):
        """End the holds today; their items are chased again from their present level.

        :return: for several holds, an action that says how many were released and why others were
            not
        """
        if len(self) > 1:
            return self._release_together()
        self._check_not_restricted()
        released = self.filtered("released_on")
        if released:
            raise UserError(self.env._("This hold was already released."))
        for hold in self:
            if owner := hold._get_owner():
                raise RedirectWarning(
                    hold._get_release_advice(owner),
                    owner._get_records_action(),
                    self.env._("Open it"),
                )
        self._release()
        return None

    def _release_together(self):
        """Release the holds that a person may release; say why the others remain."""
        reasons = {hold: hold._get_stay_reason() for hold in self}
        free = self.filtered(lambda hold: not reasons[hold])
        free._release()
        return tell(
            self.env,
            self.env._("Suspensions ended: %s.", len(free)),
            filter(None, reasons.values()),
        )

    def _get_stay_reason(self):
        """Return why a hold cannot be released by hand, for the user, or False."""
        self.ensure_one()
        if self.released_on:
            return self.env._("ended already")
        if owner := self._get_owner():
            label = self.env["ir.model"]._get(owner._name).sudo().name
            return self.env._("ends with what it follows from (%s)", label)
        return self._is_restriction() and self.env._("a restriction of processing")

    def _is_restriction(self):
        self.ensure_one()
        return self.reason == RESTRICTION and self.partner_id.sudo().dunning_restricted

    def _get_release_advice(self, owner):
        """Return how to end a hold that follows from another record.

        :param owner: that record
        """
        return self.env._(
            "%(customer)s is not chased because of “%(owner)s”: close it, and the hold ends with "
            "it.",
            customer=self.partner_id.display_name,
            owner=owner.display_name,
        )

    def _check_not_restricted(self):
        """:raise UserError: a restriction is lifted on the customer, for all creditors at once"""
        restricted = self.filtered(lambda hold: hold._is_restriction())
        if restricted:
            raise UserError(
                self.env._(
                    "The processing of %s is restricted: end the restriction on the customer.",
                    restricted[0].partner_id.display_name,
                )
            )

    def _release(self):
        self.filtered(lambda hold: not hold.released_on)._owned().write(
            {"released_on": creditors_day(self), "released_by": self.env.user.id}
        )

    def action_open_owner(self):
        """Open the record from which the hold follows."""
        self.ensure_one()
        owner = self._get_owner()
        if owner and not owner.has_access("read"):
            raise UserError(
                self.env._(
                    "%(what)s concerns other branches too: ask somebody who works for all of them.",
                    what=owner._description,
                )
            )
        return owner._get_records_action() if owner else False

    def _get_sentence(self):
        """Return why these items are not chased, in one sentence for the user."""
        self.ensure_one()
        reason = dict(self._fields["reason"]._description_selection(self.env))[self.reason]
        if self.date_until:
            sentence = self.env._(
                "On hold until %(until)s: %(reason)s",
                until=format_date(self.env, self.date_until),
                reason=reason,
            )
        else:
            sentence = self.env._("On hold: %(reason)s", reason=reason)
        if self.amount_held:
            amount = format_amount(self.env, self.amount_held, self.currency_id)
            sentence = self.env._("%(sentence)s, for %(amount)s", sentence=sentence, amount=amount)
        return f"{sentence} ({self.note})" if self.note else sentence

    # -- Amounts not claimed ---------------------------------------------------------------------

    @api.model
    def _get_unclaimed(self, creditor_id, partner_ids, on, *, in_the_past=False):
        """Return the holds that reduce what is claimed on a day.

        An amount on hold, whatever the reason; the whole only if the customer contests it. A
        promise, a plan or a postponement does not reduce the debt: interest goes on.

        :param bool in_the_past: whether the day is past: holds count as they were on it
        """
        domain = (
            fields.Domain("company_id", "=", creditor_id)
            & fields.Domain("partner_id", "in", partner_ids)
            & self._get_current_domain(on, in_the_past=in_the_past)
        )
        if in_the_past:
            return self.search(domain).filtered(
                lambda hold: hold.reason in DISPUTES or hold._get_amount_on(on) > 0
            )
        return self.search(
            domain
            & (fields.Domain("amount_held", ">", 0) | fields.Domain("reason", "in", DISPUTES))
        )

    @api.model
    def _get_judgment_domain(self, *, is_open=False, day=None):
        """Hook: return the domain of the holds by which a judgment stopped interest.

        :param bool is_open: only of proceedings that go on
        :param date day: a past day: what was released later still stopped it
        """
        unreleased = fields.Domain("released_on", "=", False)
        if day:
            unreleased |= fields.Domain("released_on", ">", day)
        return fields.Domain("reason", "=", "insolvency") & unreleased

    def _get_contested_since(self):
        """Hook: return from which day what is on hold bears no interest, as long as it is."""
        self.ensure_one()
        return self.date_from

    def _get_disputed_events(self, row, day=None):
        """Return how these holds of one customer reduce an item, each from its first day.

        :param dict row: an open item of the plan: ``move_line_id``, ``move_id``, ``invoice_date``,
            ``total`` and ``held_amount``, the total on hold
        :param date day: a past day, of which the amounts on hold count
        :return: list of ``core.interest.Event``
        """
        mine = self.filtered(
            lambda hold: (
                hold.move_id.id in (False, row["move_id"])
                and hold.move_line_id.id in (False, row["move_line_id"])
                and not (hold.claims_before and row["invoice_date"] >= hold.claims_before)
            )
        ).sorted("date_from")
        events, left = [], to_decimal(row["held_amount"])
        for hold in mine:
            whole = to_decimal(row["total"])
            part = to_decimal(hold._get_amount_on(day))
            amount = min(part, left) if part else whole
            if amount > 0:
                events.append(Event(hold._get_contested_since(), amount, "dispute"))
                left -= amount if part else 0
        return events

    # -- The weekly review: one activity for each person in charge ---------------------------------

    @api.model
    @recorded("holds")
    def _cron_review(self):
        """Remind each person in charge of what is dormant; one commit per creditor."""
        creditors = self.env["res.company"]._get_dunning_creditors("active")
        self.env["ir.cron"]._commit_progress(remaining=len(creditors))
        for creditor in creditors:
            with self.env["account.dunning.run"]._working_for(creditor, self) as (today, local):
                local._review_sleeping(creditor, today)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _review_sleeping(self, creditor, today):
        """Keep one activity per person in charge, with today's list; a rerun adds none.

        :param creditor: ``res.company``
        :param date today: the day of the review
        """
        lang = creditor.partner_id._get_dunning_lang()
        speaking = self.with_context(lang=lang, mail_activity_quick_update=True)
        sleeping = speaking._get_sleeping(creditor, today)
        kind = self.env.ref(REVIEW)
        partner = creditor.partner_id.with_env(speaking.env)
        waiting = partner.activity_search([REVIEW])
        known = dict(waiting.grouped("user_id"))
        for user, sections in sleeping.items():
            note = speaking._render_sleeping(sections)
            if user in known:
                known[user][0].write({"note": note, "date_deadline": today})
                known[user] = known[user][1:]  # what a person who left had handed on to him
            else:
                partner.activity_schedule(
                    activity_type_id=kind.id,
                    date_deadline=today,
                    user_id=user.id,
                    summary=speaking.env._("What is not chased, and waits for nothing"),
                    note=note,
                )
        self.env["mail.activity"].union(*known.values()).unlink()

    @api.model
    def _get_sleeping(self, creditor, today):
        """Return what is dormant, ``{user: {section title: records}}``."""
        found = defaultdict(dict)
        fallback = creditor.dunning_user_id or self.env.user
        for title, records, get_user in collect(self, "", creditor, today):
            for record in records:
                user = get_user(record) or fallback
                user = user if user.active and not user.share else fallback
                found[user].setdefault(title, records.browse())
                found[user][title] |= record
        return found

    @api.model
    @tells
    def _tell_holds(self, creditor, today):
        """Return what may be dormant: list of (title, records, function for who is in charge).

        Each room adds its own through such a method.
        """
        return [
            (
                self.env._("On hold without an end"),
                self._get_endless(creditor),
                lambda hold: hold.user_id,
            ),
            (
                self.env._("Excluded or blocked, and overdue for more than %s days", EXCLUDED_DAYS),
                self._get_excluded(creditor, today),
                lambda move: move._get_dunning_responsible(),
            ),
        ]

    @api.model
    def _get_endless(self, creditor):
        """Return the holds without an end; those of a dispute or a plan end with it."""
        holds = self.search(
            [
                ("company_id", "=", creditor.id),
                ("released_on", "=", False),
                ("date_until", "=", False),
            ]
        )
        return holds.filtered(lambda hold: not hold.has_owner)

    @api.model
    def _get_excluded(self, creditor, today):
        before = today - timedelta(days=EXCLUDED_DAYS)
        items = self.env["account.move.line"].search(
            self.env["account.move.line"]._get_dunning_domain(creditor._get_dunning_companies())
            & fields.Domain("move_id.move_type", "in", ("out_invoice", "out_receipt"))
            & fields.Domain("date_maturity", "<", before)
            & (
                fields.Domain("no_followup", "=", True)
                | fields.Domain("move_id.payment_state", "=", "blocked")
            ),
            order="date_maturity, id",
        )
        return items.move_id

    @api.model
    def _render_sleeping(self, sections):
        parts = []
        for title, records in sections.items():
            rows = Markup().join(
                Markup("<li>%s</li>")
                % record._get_html_link(title=self._get_sleeping_title(record))
                for record in records
            )
            parts.append(Markup("<p><b>%s</b></p><ul>%s</ul>") % (title, rows))
        return Markup().join(parts)

    @api.model
    def _get_sleeping_title(self, record):
        partner = record.partner_id.display_name
        if record._name == self._name:
            return f"{partner} – {record._get_sentence()}"
        return f"{partner} – {record.display_name}"
