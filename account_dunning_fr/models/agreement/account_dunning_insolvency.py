from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount, format_date

from ...core.filenames import written_name
from ...core.procedure_deadlines import claim_declaration
from ..common.creditors_day import creditors_day
from .account_dunning_insolvency_course import DECLARED, OPEN

ONE_DAY = timedelta(days=1)
# What the activities of the proceedings depend on, besides their steps.
TODOS_FOLLOW = {
    "date_published",
    "creditor_abroad",
    "user_id",
    "retention_of_title",
    "good_ids",
    "dividend_ids",
}


class AccountDunningInsolvency(models.Model):
    """Insolvency proceedings of a customer, and the declaration of the claim.

    What arose before the opening judgment is neither chased nor charged any more (C. com. L. 622-21
    and L. 622-28); it is declared to the creditors' representative within two months of the
    publication in the BODACC (L. 622-24, R. 622-24). What arises later goes on as before.
    """

    _name = "account.dunning.insolvency"
    _description = "Insolvency Proceedings"
    _inherit = [
        "account.dunning.insolvency.retention",  # goods under retention of title
        "account.dunning.insolvency.plan",  # dividends
        "account.dunning.insolvency.course",  # steps, clocks, activities
        "account.dunning.agreement",
        "account.dunning.plausible",
    ]
    _order = "date_opening DESC, id DESC"

    _hold_owner = "insolvency_id"

    kind = fields.Selection(
        [
            ("safeguard", "Safeguard"),
            ("receivership", "Receivership"),
            ("liquidation", "Liquidation"),
        ],
        required=True,
        default="receivership",
        tracking=True,
        writer="create open declared",
    )
    date_opening = fields.Date(
        string="Opening judgment of",
        required=True,
        tracking=True,
        help="What arose before it is no longer chased, and bears no penalty from that day.",
        writer="create open declared",
    )
    date_published = fields.Date(
        string="Published in the BODACC on",
        tracking=True,
        help="The time limit of the declaration runs from this day.",
        writer="create open declared",
    )
    court = fields.Char(writer="create open declared")
    representative_id = fields.Many2one(
        "res.partner",
        string="Representative of the creditors",
        help="Mandataire judiciaire, or liquidator: the claim is declared to him.",
        writer="create open declared",
        index="btree_not_null",
    )
    administrator_id = fields.Many2one(
        "res.partner", writer="create open declared", index="btree_not_null"
    )
    creditor_abroad = fields.Boolean(
        compute="_compute_creditor_abroad",
        store=True,
        readonly=False,
        help="A creditor outside the territory has two months more (R. 622-24).",
        writer="create open declared",
    )
    date_deadline = fields.Date(
        string="Declare by",
        compute="_compute_date_deadline",
        store=True,
        help="Two months from the publication, four for a creditor abroad. Whether a last day that "
        "is not a working day is extended is not relied upon.",
    )
    state = fields.Selection(
        [
            (OPEN, "Claim to declare"),
            (DECLARED, "Claim declared"),
            ("closed", "Proceedings ended"),
            ("cancelled", "Cancelled"),
        ],
        default=OPEN,
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
    )
    to_confirm = fields.Boolean(
        readonly=True,
        tracking=True,
        copy=False,
        help="A public register names him by his SIREN. What it stops is stopped already; a person "
        "confirms it, or cancels it.",
    )
    publication = fields.Char(
        string="Notice no.", readonly=True, copy=False, help="In the BODACC, as it was found."
    )
    declared_on = fields.Date(
        string="Sent on",
        tracking=True,
        copy=False,
        help="The day of dispatch counts.",
        writer="create open declared",
    )
    registered_number = fields.Char(
        string="Registered letter no.", copy=False, writer="create open declared"
    )
    is_late = fields.Boolean(compute="_compute_is_late")
    amount_company = fields.Monetary(
        string="Principal at the opening",
        currency_field="company_currency_id",
        compute="_compute_amount_company",
    )
    amount_later = fields.Monetary(
        string="Unpaid since the judgment",
        currency_field="company_currency_id",
        compute="_compute_amount_later",
        help="Overdue invoices dated on the day of the judgment or later.",
    )

    _once = models.UniqueIndex(
        "(company_id, partner_id) WHERE state IN ('open', 'declared')",
        "These proceedings are recorded already.",
    )

    @api.depends("company_id")
    def _compute_creditor_abroad(self):
        for record in self:
            record.creditor_abroad = record.company_id.country_id.code not in (False, "FR")

    @api.depends("date_published", "creditor_abroad")
    def _compute_date_deadline(self):
        for record in self:
            record.date_deadline = record.date_published and (
                claim_declaration(
                    record.date_published, creditor_abroad=record.creditor_abroad
                ).prudent
            )

    @api.depends("date_deadline", "state")
    def _compute_is_late(self):
        today = creditors_day(self)
        for record in self:
            deadline = record.date_deadline
            record.is_late = record.state == OPEN and deadline and deadline < today

    @api.depends("date_opening", "partner_id")
    def _compute_amount_company(self):
        for record in self:
            currency = record.company_currency_id
            record.amount_company = sum(
                record._convert_at_opening(claim["principal"], claim["item"].currency_id, currency)
                for claim in record._get_claims(with_penalties=False)
            )

    @api.depends("date_opening", "partner_id", "company_id")
    def _compute_amount_later(self):
        for record in self:
            record.amount_later = sum(record._get_later_items().mapped("amount_residual"))

    @api.depends("kind", "date_opening", "liquidation_on")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for record in self:
            name = self.env._(
                "%(kind)s opened on %(date)s",
                kind=kinds.get(record.kind),
                date=format_date(self.env, record.date_opening),
            )
            if record.liquidation_on and record.liquidation_on != record.date_opening:
                since = format_date(self.env, record.liquidation_on)
                name = self.env._("%(name)s, liquidation since %(date)s", name=name, date=since)
            record.display_name = name

    @api.constrains("date_opening", "date_published")
    def _check_dates(self):
        for record in self:
            if record.date_published and record.date_published < record.date_opening:
                raise ValidationError(
                    self.env._("A judgment is published after it was given: check both dates.")
                )
            # A day of grace: it was given where another day may have begun.
            if record.date_opening > record.company_id._get_dunning_today() + timedelta(days=1):
                raise ValidationError(
                    self.env._("A judgment is entered once it was given: check its date.")
                )

    # -- CRUD ------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        for record in records:
            record._hold()
        records._sync_todos()
        return records

    def write(self, vals):
        result = super().write(vals)
        if {"kind", "date_opening"} & set(vals):
            for record in self:
                record._get_holds().write(record._prepare_hold_vals())
        if TODOS_FOLLOW.intersection(vals):
            self._sync_todos()
        return result

    def _prepare_hold_vals(self):
        return {
            "reason": "insolvency",
            "date_from": self.date_opening,
            "claims_before": self.date_opening,
            "note": self._in_dunning_lang().display_name,
        }

    def _hold(self):
        self._open_holds([self._prepare_hold_vals()])

    # -- What a public register says: stopped at once, confirmed by a person -----------------------

    @api.model
    def _open_to_confirm(self, vals_list):
        """Open proceedings found in a register by SIREN; they suspend dunning at once.

        :param list vals_list: values of each, as a person would enter them, and ``publication``
        """
        return self.sudo().create([{**vals, "to_confirm": True} for vals in vals_list])

    def _undo_unconfirmed(self, reason):
        """Undo unconfirmed proceedings that the register has withdrawn.

        :param str reason: for the history
        """
        for record in self.sudo():
            record._end("cancelled")
            record.message_post(body=reason)

    def action_confirm(self):
        """Confirm that the proceedings are this customer's: the claim has to be declared."""
        self._check_open((OPEN,))
        for record in self.filtered("to_confirm"):
            record._owned().to_confirm = False
            record._sync_todos(done=True)

    # -- Actions ---------------------------------------------------------------------------------

    def action_print(self):
        """Print the draft of the declaration, with its list of enclosures."""
        if not self._get_claims(with_penalties=False):
            raise UserError(
                self.env._("Nothing was due to you at the opening: there is nothing to declare.")
            )
        self._check_opening_rates()
        return self.env.ref("account_dunning_fr.report_claim_declaration").report_action(
            self, config=False
        )

    def action_declared(self):
        """Record that the declaration was sent."""
        self._check_open((OPEN,))
        if any(record.to_confirm for record in self):
            raise UserError(
                self.env._("Confirm these proceedings first: they were found by SIREN.")
            )
        for record in self:
            record._owned().write(
                {
                    "state": DECLARED,
                    "declared_on": record.declared_on or creditors_day(record),
                    "amount_declared": record.amount_declared or record._get_amount_to_declare(),
                }
            )
        self._sync_todos(done=True)

    def action_close(self):
        """Close the proceedings: what is still due may be chased again.

        After a liquidation, it stays on hold until a person decides; the history and an activity
        tell what the law leaves of it.
        """
        self._check_open((OPEN, DECLARED))
        self._end("closed")
        self._tell_closed_liquidation()

    def action_cancel(self):
        """Cancel proceedings recorded by mistake."""
        self._check_open((OPEN, DECLARED))
        self._end("cancelled")

    @api.model
    def _fold_dunning_merged(self, customers, kept):
        """If both customers have the same judgment, keep the proceedings in which more was done.

        If something was done in both, a person has to end one of them first.
        """
        live = self.search([("partner_id", "in", customers.ids), ("state", "in", (OPEN, DECLARED))])

        def is_idle(record):
            return record.state == OPEN and not record.step_ids and not record.good_ids

        doubles = live._get_dunning_doubles(
            kept, lambda record: (record.company_id, record.date_opening), is_idle
        )
        for double in doubles.filtered(is_idle):
            double._end("cancelled")
        return super()._fold_dunning_merged(customers, kept)

    @api.model
    def _explain_dunning_merged(self, customers):
        live = self.search([("partner_id", "in", customers.ids), ("state", "in", (OPEN, DECLARED))])
        if not (names := live._name_dunning_doubles("company_id")):
            return super()._explain_dunning_merged(customers)
        return self.env._(
            "Insolvency proceedings are followed for each of these customers: %s. A customer has "
            "one at a time: close or cancel the others, then merge.",
            names,
        )

    def _end(self, state):
        self._owned().state = state
        self._release_holds()
        self._sync_todos()

    # -- The claim at the opening ----------------------------------------------------------------

    def _get_claims(self, with_penalties=True):
        """Return what was owed at the opening, item by item, oldest due date first.

        The amounts are those of the day before the judgment: the law is silent on the day itself. A
        claim that the debtor disputes is declared in full, interest included: what is not declared
        is lost (C. com. L. 622-26), and disputes are settled there. Penalties paid or waived are
        not declared.

        :return: list of dicts: ``item``, ``principal`` (its currency), ``due`` (whether it was due
            at the opening), ``interest``, ``indemnity`` (euros), ``problem``; ``declared`` and
            ``declared_interest`` in euros at the rate of the opening (C. com. L. 622-25 al. 2)
        """
        self.ensure_one()
        if not self.date_opening or not self.partner_id:
            return []
        items = self._get_earlier_items()
        accrual = self.env["account.dunning.accrual"].sudo()
        events = accrual._get_events(items)
        accrued = {}
        if with_penalties:
            until = self.date_opening - ONE_DAY
            accrued = accrual._compute_items(items, until, with_disputed=True)
        penalties = self.env["account.dunning.penalty"].sudo()._get_by_item(items)
        claims = (
            self._prepare_claim(item, events[item.id], accrued.get(item.id), penalties[item])
            for item in items
        )
        return [claim for claim in claims if claim]

    def _prepare_claim(self, item, events, accrued, penalty):
        """Return what one item claims, as in ``_get_claims``; None where nothing was owed.

        :param events: what reduced it, a list of ``core.interest.Event``
        :param accrued: its ``Accrued`` on the eve of the judgment, or None without penalties
        :param penalty: its ``account.dunning.penalty``, which may be empty
        """
        paid = sum((event.amount for event in events if event.on < self.date_opening), Decimal(0))
        principal = max(item.currency_id.round(item.amount_currency - float(paid)), 0.0)
        interest = indemnity = 0.0
        if accrued:
            interest = penalty._get_left("interest", accrued.interest)
            indemnity = penalty._get_left("indemnity", accrued.indemnity)
        if not (principal or interest or indemnity):
            return None
        return {
            "declared": self._to_euros_at_opening(principal, item),
            "declared_interest": self._to_euros_at_opening(interest, item),
            "item": item,
            "principal": principal,
            "due": item.dunning_due < self.date_opening,
            "interest": interest,
            "indemnity": indemnity,
            "problem": accrued and accrued.problem,
        }

    def _get_earlier_items(self):
        """Return the items of the invoices dated before the judgment."""
        earlier = fields.Domain("move_id.invoice_date", "<", self.date_opening) | (
            fields.Domain("move_id.invoice_date", "=", False)
            & fields.Domain("date", "<", self.date_opening)
        )
        return self.env["account.move.line"].search(
            self.env["account.move.line"]._get_dunning_domain(
                self.company_id._get_dunning_companies(), self.partner_id, is_open=False
            )
            & earlier,
            order="date_maturity, id",
        )

    def _get_totals(self, claims):
        """Return the totals of the declaration, in euros.

        :return: dict ``due`` (at the opening), ``later``, ``interest``, ``indemnity``, ``total``
        """
        euro = self.env["res.currency"]._get_dunning_euro()
        totals = {
            "due": sum(claim["declared"] for claim in claims if claim["due"]),
            "later": sum(claim["declared"] for claim in claims if not claim["due"]),
            "interest": sum(claim["declared_interest"] for claim in claims),
            "indemnity": sum(claim["indemnity"] for claim in claims),
        }
        totals = {name: euro.round(amount) for name, amount in totals.items()}
        return totals | {"total": euro.round(sum(totals.values()))}

    def _get_amount_to_declare(self):
        """Return the total of the declaration; 0 if a rate is missing, for a person to enter."""
        claims = self._get_claims()
        known = all(rate["date"] for rate in self._get_opening_rates(claims))
        return self._get_totals(claims)["total"] if known else 0.0

    def _to_euros_at_opening(self, amount, item):
        euro = self.env["res.currency"]._get_dunning_euro()
        return self._convert_at_opening(amount, item.currency_id, euro)

    def _convert_at_opening(self, amount, currency, into):
        """Convert an amount at the rate of the day of the opening judgment."""
        self.ensure_one()
        return currency._convert(amount, into, self.company_id, self.date_opening)

    def _get_opening_rates(self, claims):
        """Return the exchange rates used for other currencies.

        :return: list of dicts ``currency``, ``rate`` (euros for one), ``date`` of the rate, or
            False if none is entered up to the day of the judgment
        """
        self.ensure_one()
        euro = self.env["res.currency"]._get_dunning_euro()
        found = []
        for currency in self.env["res.currency"].union(*(c["item"].currency_id for c in claims)):
            if currency == euro:
                continue
            rated = (currency | euro) - self.company_id.currency_id
            days = [self._get_rate_day(each) for each in rated]
            found.append(
                {
                    "currency": currency,
                    "rate": currency._get_conversion_rate(
                        currency, euro, self.company_id, self.date_opening
                    ),
                    "date": all(days) and min(days),
                }
            )
        return found

    def _get_rate_day(self, currency):
        """Return the day of the last rate of a currency up to the opening judgment, or False."""
        root = self.company_id.root_id
        rate = self.env["res.currency.rate"].search(
            [
                ("currency_id", "=", currency.id),
                ("company_id", "in", (False, root.id)),
                ("name", "<=", self.date_opening),
            ],
            order="name DESC",
            limit=1,
        )
        return rate.name

    def _check_opening_rates(self):
        """:raise UserError: if an amount cannot be declared in euros because a rate is missing"""
        missing = [
            rate["currency"].name
            for rate in self._get_opening_rates(self._get_claims(with_penalties=False))
            if not rate["date"]
        ]
        if missing:
            raise UserError(
                self.env._(
                    "A claim is declared in euros, at the rate of the day of the opening judgment "
                    "(C. com. L. 622-25): enter the rate of %s up to that day.",
                    ", ".join(missing),
                )
            )

    def _get_file_name(self):
        """Return the name of the declaration's file, without its extension."""
        self.ensure_one()
        return written_name(self.display_name)

    def _get_dunning_print_lang(self):
        return self.company_id.partner_id._get_dunning_lang()

    def _get_dunning_foot(self):
        return f"{self.company_id.name} – {self.partner_id.name}"

    # -- Payments of earlier claims --------------------------------------------------------------

    @api.model
    def _warn_of_payments(self, partials):
        """Warn the person in charge of payments of earlier claims received after the judgment.

        :param partials: new ``account.partial.reconcile`` records
        """
        partners = partials.debit_move_id.partner_id.commercial_partner_id
        money = self.env["account.dunning.money.received"]
        for record in self.search(
            [("partner_id", "in", partners.ids), ("state", "in", (OPEN, DECLARED))]
        ):
            if record.dividend_ids:
                record._sync_todos(done=True)
            companies = record.company_id._get_dunning_companies()
            late = partials.filtered(
                lambda partial, record=record, companies=companies: (
                    partial.debit_move_id.partner_id.commercial_partner_id == record.partner_id
                    and partial.company_id in companies
                    and record._is_late_payment(partial)
                )
            )
            for partial in money._filter_received(late):
                record._warn_of_payment(partial)

    def _is_late_payment(self, partial):
        item, credit = partial.debit_move_id, partial.credit_move_id
        return bool(
            item._filter_dunning_receivable()
            and credit.move_id.move_type == "entry"
            and (item.move_id.invoice_date or item.date) < self.date_opening <= credit.date
            and not self._is_dividend(credit.date)
        )

    def _is_dividend(self, on):
        """Whether a payment on this day is one that the plan allows."""
        ended = self.liquidation_on and self.liquidation_on <= on
        return bool(self.plan_on and self.plan_on <= on and not ended)

    def _warn_of_payment(self, partial):
        """Log a warning about a payment that the judgment forbids (C. com. L. 622-7).

        :param partial: ``account.partial.reconcile`` of an earlier claim
        """
        speaking = self._in_dunning_lang()
        amount = format_amount(speaking.env, partial.amount, partial.company_id.currency_id)
        speaking.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=self.user_id.id or self.env.uid,
            summary=speaking.env._(
                "Payment after the judgment of a claim from before it: %s",
                partial.debit_move_id.move_id.name,
            ),
            note=speaking.env._(
                "%(amount)s received on %(date)s. The judgment forbids the payment of claims that "
                "arose before it (C. com. L. 622-7), save the set-off of connected claims: it may "
                "be annulled. Ask the representative of the creditors before you keep it.",
                amount=amount,
                date=format_date(speaking.env, partial.credit_move_id.date),
            ),
        )
