from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL, format_date

from ...core.claims_allowed import FORMAL_NOTICE, allowed
from ...core.discount import discount_taken
from ...core.half_years import RateMissing, half_year_start
from ...core.indemnity import Instalment, flat_indemnities, settled_on
from ...core.interest import Event, accrue
from ...core.money import ZERO, round_to_step, to_decimal
from ..common.creditors_day import creditors_day
from ..common.due import RECEIVABLE_SQL
from ..common.ledger_query import interpret
from ..common.private_context import passed
from ..plan.query.holds import owed
from ..plan.query.items import matched, reductions
from .accrual_query import CUSTOMERS_QUERY, DISCOUNTS_QUERY, FACTS_QUERY, OPEN, Fact, Reduction
from .accrued import Accrued, Grounds

ONE_DAY = timedelta(days=1)


class AccountDunningAccrual(models.AbstractModel):
    """Late-payment interest and flat indemnity of due items, computed from the books.

    How it works: the items and what reduced them are queried as plain values, and the core
    computes; nothing is written. The same result feeds the letters, the statement and the booking.
    """

    _name = "account.dunning.accrual"
    _description = "Late-Payment Interest Computation"

    @api.model
    def _explain_unconfirmed(self, items, until):
        """Return which rates used for these items are not confirmed, for the user, or False.

        :param items: ``account.move.line`` records
        :param date until: last day of the interest
        """
        accrued = self._compute_items(items, until) if items and until else {}
        figures = [figure for result in accrued.values() for figure in result.figures]
        return self.env["account.dunning.rate"]._explain_unconfirmed(figures)

    @api.model
    def _compute_items(self, items, until, imputation="principal", with_disputed=False):
        """Compute what items owe in interest and indemnity up to and including a day.

        Interest runs on what is claimed: disputed items and amounts on hold are left out, from
        their day on, unless everything is claimed (in court).

        :param items: ``account.move.line`` records, receivable items in any state
        :param date until: last day that counts
        :param str imputation: ``principal`` (as the books) or ``interest`` (C. civ. 1343-1)
        :param bool with_disputed: claim what is disputed too
        :return: ``{item id: Accrued}``
        """
        known = passed(self.env, "owed", {}).get((until, imputation, with_disputed), {})
        if items and known.keys() >= set(items.ids):
            return known
        facts = self._get_facts(items)
        siblings = items.browse(facts)
        events = self._get_events(siblings, until)
        if not with_disputed:
            for item_id, disputed in self._get_disputed(siblings, until).items():
                events[item_id] += disputed
        # A declaration and a court file claim what is known today of the proceedings.
        day = None if with_disputed else self._get_past_day(until)
        grounds = self._get_grounds(items, facts, events, until, day)
        return {
            item_id: self._compute_item(facts[item_id], events[item_id], until, grounds, imputation)
            for item_id in items.ids
        }

    @api.model
    def _get_grounds(self, items, facts, events, until, day=None):
        """Return what the computation needs besides the facts and events of each item.

        :param items: the items asked for; ``facts`` also has the other instalments
        :param date day: a past day, of which the holds count
        :return: ``Grounds``
        """
        siblings = items.browse(facts)
        companies = self.env["res.company"].sudo()
        companies = companies.browse({fact.company_id for fact in facts.values()})
        creditors = {company.id: company.dunning_creditor_id for company in companies}
        judgments = self._get_opening_judgments(siblings, day=day)
        return Grounds(
            table=self.env["account.dunning.rate"]._get_table(),
            bases={key: creditor.dunning_day_basis for key, creditor in creditors.items()},
            abroad={
                key: creditor._get_dunning_foreign_problem() for key, creditor in creditors.items()
            },
            judgments=judgments,
            first_days=self._get_formal_notice_days(items),
            indemnities=self._get_indemnities(items, facts, events, until, judgments, creditors),
            schedules={},
        )

    @api.model
    def _compute_item(self, fact, events, until, grounds, imputation):
        """Return what one item owes, as ``Accrued``."""
        statement, figures, problem = None, (), self._get_problem(fact, grounds.abroad)
        if not problem and self._bears_interest(fact, grounds.first_days):
            statement, figures, problem = self._accrue(fact, events, until, grounds, imputation)
        counted = [event for event in events if event.on <= until and event.amount]
        return Accrued(
            statement,
            grounds.indemnities.get(fact.id, ZERO),
            problem,
            tuple(sorted(counted, key=lambda event: event.on)),
            figures,
        )

    @api.model
    def _waits(self, fact):
        """Whether an item bears interest only from the receipt of a formal notice."""
        return bool(fact.regime) and allowed(fact.regime).penalties.when == FORMAL_NOTICE

    @api.model
    def _bears_interest(self, fact, first_days):
        """Whether interest runs on an item.

        :param dict first_days: result of ``_get_formal_notice_days``
        """
        if fact.owes_nothing:
            return False
        return not self._waits(fact) or bool(first_days.get(fact.id))

    @api.model
    def _accrue(self, fact, events, until, grounds, imputation):
        """Compute the interest of one item; insolvency stops it on the eve of the judgment.

        :return: its ``core.interest.Statement``, the published figures it uses, and False; or None,
            an empty tuple and what is missing
        """
        judgment = grounds.judgments.get(fact.id)
        last = min(until, judgment - ONE_DAY) if judgment else until
        try:
            schedule = self._get_schedule(fact, grounds.table, grounds.schedules)
            statement = accrue(
                fact.principal,
                fact.due,
                events,
                last,
                schedule,
                imputation=imputation,
                first_day=grounds.first_days.get(fact.id) if self._waits(fact) else None,
                step=fact.step,
                day_basis=grounds.bases[fact.company_id],
            )
        except RateMissing as error:
            problem = self.env._(
                "The rates of the half-year from %s are missing: complete them in the "
                "table of rates.",
                format_date(self.env, half_year_start(error.day)),
            )
            return None, (), problem
        bearing, figures = statement.segments, ()
        if bearing:
            figures = schedule.figures(bearing[0].start, bearing[-1].end)
        return (statement._replace(a_day=ZERO) if last < until else statement), figures, False

    @api.model
    def _remember(self, items_by_day):
        """Compute items together that are going to be written about one by one.

        Only for what is written immediately: a payment received in between is not seen.

        :param dict items_by_day: ``{last day that counts: account.move.line records}``
        :return: what to hand to ``_compute_items`` as ``owed`` (see ``pass_on``), so that it
            computes none of them again
        """
        return {
            (until, "principal", False): self._compute_items(items, until)
            for until, items in items_by_day.items()
            if items
        }

    @api.model
    def _has_remembered(self, items_by_day):
        """Whether ``_remember`` has computed all these items in this environment.

        :param dict items_by_day: as ``_remember`` takes it
        """
        owed = passed(self.env, "owed")
        return owed is not None and all(
            owed.get((until, "principal", False), {}).keys() >= set(items.ids)
            for until, items in items_by_day.items()
        )

    @api.model
    def _get_problem(self, fact, abroad):
        """Return why nothing can be computed for an item, for the user, or False.

        :param dict abroad: why French law does not apply to the creditor, by company id
        """
        if fact.owes_nothing:
            return False
        if abroad[fact.company_id]:
            return abroad[fact.company_id]
        if not fact.regime:
            return self.env._("The customer's legal regime is not confirmed.")
        if not fact.due or fact.principal < 0:
            return self.env._("Penalties are computed on debts that have a due date only.")
        return False

    @api.model
    def _get_opening_judgments(self, items, *, is_open=False, day=None):
        """Return the day of the judgment that opened insolvency, for the claims that precede it.

        It is the day before which the hold stops claims, else the first day of the hold. Of several
        proceedings, the first one after the claim arose counts. Interest that a judgment stopped
        does not run again once the proceedings have ended, nor is a flat indemnity owed that it
        excluded (C. com. L. 622-28, L. 441-10 II). The judgment binds all creditors, but each goes
        by what he recorded, as his notices do: what another company recorded shows in none of his
        figures and takes nothing off his claim.

        :param bool is_open: only of proceedings that go on
        :param date day: a past day, of which the holds count
        :return: ``{item id: date}``
        """
        holds = self.env["account.dunning.hold"].sudo()
        openings = defaultdict(lambda: defaultdict(set))
        for hold in holds.search(holds._get_judgment_domain(is_open=is_open, day=day)):
            judged = hold.move_line_id or hold.partner_id
            openings[hold.company_id][judged].add(hold.claims_before or hold.date_from)
        if not openings:
            return {}
        judgments = {}
        for item in self._get_judged_items(items, set().union(*openings.values())):
            own = openings.get(item.company_id.sudo().dunning_creditor_id, {})
            debtors = {item, item.move_id.partner_id, item.partner_id.commercial_partner_id}
            arose = item.move_id.invoice_date or item.date
            found = set().union(*(own[debtor] for debtor in debtors & own.keys()))
            if opening := min((day for day in found if arose < day), default=None):
                judgments[item.id] = opening
        return judgments

    @api.model
    def _get_judged_items(self, items, judged):
        """Return the items that proceedings concern.

        :param judged: items, and customers, even if they became a contact of another customer since
        """
        partner_ids = [record.id for record in judged if record._name == "res.partner"]
        item_ids = [record.id for record in judged if record._name == "account.move.line"]
        return items.search(
            [
                ("id", "in", items.ids),
                *("|", "|", ("id", "in", item_ids), ("move_id.partner_id", "in", partner_ids)),
                ("partner_id.commercial_partner_id", "in", partner_ids),
            ]
        )

    @api.model
    def _get_formal_notice_days(self, items):
        """Hook: the day from which a consumer owes interest, once a formal notice was received.

        :return: ``{item id: date}``; filled by the room that sends formal notices
        """
        return {}

    @api.model
    def _get_indemnities(self, items, facts, events, until, judgments, creditors):
        """Return the flat indemnity of each item, in euros: one per invoice paid late.

        One per late instalment if the creditor chose so (a reading of CJEU C-370/21, C-78/22).

        It is due on the earliest late instalment; if that one is not among the items and was never
        booked, on the earliest of those asked for. An item of an entry that is not an invoice
        counts as an invoice of its own.

        :return: ``{item id: Decimal}``
        """
        by_regime = defaultdict(list)
        for fact in facts.values():
            if fact.is_debt and not fact.owes_nothing and fact.regime and fact.due:
                settled = settled_on(fact.principal, events[fact.id], fact.step)
                one_per = creditors[fact.company_id].dunning_indemnity_per
                by_regime[fact.regime, judgments.get(fact.id), one_per].append(
                    Instalment(fact.id, fact.invoice, fact.due, settled)
                )
        booked = self._get_booked_bearers(items.browse(facts) - items)
        asked = set(items.ids) | booked
        indemnities = {}
        for (regime, judgment, one_per), instalments in by_regime.items():
            bearing = [instalment for instalment in instalments if instalment.key in asked]
            indemnities |= flat_indemnities(
                bearing, until, regime, one_per=one_per, opening_judgment=judgment
            )
        return indemnities

    @api.model
    def _get_booked_bearers(self, siblings):
        """Return the ids of the instalments for which an indemnity was computed before."""
        penalties = self.env["account.dunning.penalty"].sudo()
        known = penalties.search([("move_line_id", "in", siblings.ids), ("indemnity", ">", 0)])
        return set(known.move_line_id.ids)

    # -- Reductions of each item, and their days, from the books -----------------------------------

    @api.model
    def _get_events(self, items, until=None):
        """Return what reduced each item, according to the books.

        That is what is reconciled with it, and what the plan already sets against it (an open
        payment or credit note, an unmatched receipt; ``_add_waiting_money``): interest runs on what
        is claimed.

        A payment counts on the day of its bank line, else on its own; a credit note on the due date
        (prudent), or on its own date if the creditor chose so. One that covers the whole item
        always counts on the due date: a fully credited invoice owes nothing. Exchange differences
        are ignored, and so are losses and transfers to a doubtful account: neither is money
        received, so interest goes on. A customer who took the early-payment discount owes nothing
        more.

        :param date until: the day for which holds in part are evaluated, today by default
        :return: ``{item id: [core.interest.Event]}``
        """
        events = defaultdict(list)
        if not items:
            return events
        until = until or creditors_day(self)
        found = self._add_waiting_money(items, until, self._get_reductions(items))
        own_date = self._get_items_credited_at_date(items, found)
        for one in found:
            if amount := round_to_step(one.amount, one.step):
                kind = "credit_note" if one.is_note else "payment"
                events[one.item_id].append(Event(self._get_day(one, own_date), amount, kind))
        self._add_discounts(items, events)
        return events

    @api.model
    def _get_bounds(self, items):
        """Return the parameters of a query on items; see ``accrual_query``."""
        return {"items": items.ids, "first": min(items.ids), "last": max(items.ids)}

    @api.model
    def _get_reductions(self, items):
        """Return what is reconciled with items in the books, as a list of ``Reduction``."""
        wanted = SQL(
            "partial.debit_move_id IN %(items)s"
            " AND partial.debit_move_id BETWEEN %(first)s AND %(last)s",
            **{**self._get_bounds(items), "items": tuple(items.ids)},
        )
        return self._read_reductions(matched(wanted), items[0].company_id.root_id.id)

    @api.model
    def _read_reductions(self, direct, root_id):
        """Return what is reconciled with items, as a list of ``Reduction``.

        :param SQL direct: see ``plan.query.items.reductions``
        """
        return [
            Reduction(item_id, to_decimal(amount), is_note, due, on, Decimal(step), source_id)
            for item_id, amount, is_note, due, on, step, source_id, *_ in self.env.execute_query(
                reductions(direct, root_id)
            )
        ]

    @api.model
    def _get_day(self, reduction, own_date):
        """Return from which day a reduction counts.

        :param own_date: ids of the items whose credit notes count from their own date
        """
        if reduction.is_note and reduction.due and reduction.item_id not in own_date:
            return reduction.due
        return reduction.on

    @api.model
    def _get_items_credited_at_date(self, items, reductions):
        """Return the ids of the items whose credit notes count from their own date.

        :param reductions: list of ``Reduction``
        """
        credited = defaultdict(Decimal)
        for reduction in reductions:
            if reduction.is_note:
                credited[reduction.item_id] += reduction.amount
        return {
            item.id
            for item in items.browse(credited)
            if item.company_id.dunning_creditor_id.dunning_credit_note_date == "own"
            and item.currency_id.compare_amounts(float(credited[item.id]), item.amount_currency) < 0
        }

    @api.model
    def _add_discounts(self, items, events):
        """Deduct the early-payment discounts that customers took, on the day they did."""
        if not events:
            return
        paid = items.browse(item_id for item_id in items.ids if item_id in events)
        for item_id, *amounts, last_day, step in self.env.execute_query(
            SQL(DISCOUNTS_QUERY, **self._get_bounds(paid))
        ):
            principal, discounted = map(Decimal, amounts)
            if taken := discount_taken(
                principal, discounted, last_day, events[item_id], Decimal(step)
            ):
                events[item_id].append(taken)

    # -- What is disputed --------------------------------------------------------------------------

    @api.model
    def _get_scopes(self, items, *, is_open=True):
        """Yield the scope of the plan for the customers of the items.

        :param bool is_open: restrict to customers of items that are not settled
        """
        partners = defaultdict(set)
        narrowed = OPEN if is_open else SQL("TRUE")
        for company_id, partner_ids in self.env.execute_query(
            SQL(CUSTOMERS_QUERY, is_open=narrowed, **self._get_bounds(items))
        ):
            creditor = self.env["res.company"].browse(company_id).sudo().dunning_creditor_id
            partners[creditor].update(partner_ids)
        plan = self.env["account.dunning.plan"].sudo()
        interpret(self.env.cr)
        for creditor, partner_ids in partners.items():
            yield plan._get_scope(creditor, self.env["res.partner"].sudo().browse(partner_ids))

    @api.model
    def _get_owed(self, scope, until):
        """Return the open items of a scope, each with the part that is on hold, as dicts.

        :param date until: the day of which the holds count, as they were on it
        """
        self.env.cr.execute(owed({**scope, "held_on": self._get_past_day(until)}, until))
        return self.env.cr.dictfetchall()

    @api.model
    def _get_past_day(self, day):
        """Return a day if it is past, else None: what holds now is not asked of its history."""
        return day if day < creditors_day(self) else None

    @api.model
    def _get_disputed(self, items, until):
        """Return what is not claimed of each item on a day because it is on hold or disputed.

        An amount on hold is not claimed, whatever the reason; a whole item only if it is disputed:
        a promise or a postponement does not reduce the debt. Each counts from the day it was put on
        hold; once released, it bears interest from the first day again. For a past day, holds and
        open items count as they were on it.

        :return: ``{item id: [core.interest.Event]}``
        """
        events = defaultdict(list)
        if not items:
            return events
        past = self._get_past_day(until)
        for scope in self._get_scopes(items, is_open=not past):
            holds = self.env["account.dunning.hold"].sudo()
            current = holds._get_unclaimed(
                scope["creditor_id"], scope["partner_ids"], until, in_the_past=bool(past)
            )
            if not current:
                continue
            narrowed = {**scope, "partner_ids": current.partner_id.ids, "open_on": past}
            by_partner = current.grouped("partner_id")
            for row in self._get_owed(narrowed, until):
                partner = self.env["res.partner"].browse(row["partner_id"])
                events[row["move_line_id"]] += by_partner[partner]._get_disputed_events(row, past)
        return events

    # -- Input of the computation, read as plain values: no record for each item -------------------

    @api.model
    def _get_facts(self, items):
        """Return the facts of items and of the other instalments of their invoices.

        :param items: ``account.move.line`` records
        :return: ``{item id: Fact}``, in the order of the ids
        """
        if not items:
            return {}
        items.check_access("read")
        self.env.flush_all()
        facts = {}
        ids = items.ids
        query = SQL(
            FACTS_QUERY,
            items=ids,
            first=min(ids),
            last=max(ids),
            receivable=SQL(RECEIVABLE_SQL),
        )
        for row in self.env.execute_query(query):
            fact = Fact(*row[:6], Decimal(row[6]), *row[7:11], Decimal(row[11]), *row[12:])
            if fact.has_retention:
                item = self.env["account.move.line"].browse(fact.id)
                fact = fact._replace(principal=item._get_dunning_principal())
            facts[fact.id] = fact
        return facts

    @api.model
    def _get_schedule(self, fact, table, terms):
        """Return the schedule of rates that applies to an item.

        :param fact: its facts; ``regime`` is known
        :param table: ``core.rates.RateTable``
        :param dict terms: the schedules of professionals found so far, completed here
        :return: ``core.rates.RateSchedule``
        """
        key = tuple(fact.terms) if fact.terms else fact.company_id
        if fact.regime == "b2b" and key in terms:
            return terms[key]
        item = self.env["account.move.line"].browse(fact.id)
        schedule = item._get_dunning_schedule(table, fact.regime, fact.due)
        if fact.regime == "b2b":
            terms[key] = schedule
        return schedule
