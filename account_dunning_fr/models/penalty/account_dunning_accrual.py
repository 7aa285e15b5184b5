from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import format_date

from ...core.claims_allowed import FORMAL_NOTICE, allowed
from ...core.half_years import Figure, RateMissing, half_year_start
from ...core.indemnity import Instalment, flat_indemnities, settled_on
from ...core.interest import Statement, accrue
from ...core.money import ZERO
from ..common.private_context import passed

ONE_DAY = timedelta(days=1)


class Accrued(NamedTuple):
    """What one due item owes on a day, beyond its principal.

    :param statement: interest segment by segment (``core.interest.Statement``), in the item's
        currency; None when there is a problem
    :param indemnity: flat indemnity in euros
    :param problem: why nothing can be computed, for the user; False otherwise
    :param events: what reduced the base up to that day (``core.interest.Event``), in their order
    :param figures: the published figures on which the interest rests (``core.rates.Figure``)
    """

    statement: Statement | None
    indemnity: Decimal
    problem: str | bool
    events: tuple = ()
    figures: tuple[Figure, ...] = ()

    @property
    def interest(self):
        """Total interest, in the item's currency."""
        return self.statement.interest if self.statement else ZERO

    @property
    def annual_rate(self):
        """Rate of the last day that bore interest, in percent."""
        return self.statement.annual_rate if self.statement else ZERO

    @property
    def a_day(self):
        """Interest of one more day, by the day basis of the creditor, not rounded: its currency
        rounds it where it is told."""
        return self.statement.a_day if self.statement else ZERO


class AccountDunningAccrual(models.AbstractModel):
    """Late-payment interest and flat indemnity of due items, from what the books show.

    How it works: two queries read the items and what reduced them as plain values; the core
    computes; nothing is written. The same result feeds the letters, the statement and the booking.
    """

    _name = "account.dunning.accrual"
    _description = "Late-Payment Interest Computation"

    @api.model
    def _compute_items(self, items, until, imputation="principal", with_disputed=False):
        """Compute what items owe in interest and indemnity up to a day included.

        Interest runs on what is claimed: what is disputed or held in part is left out, from its
        day on, unless the whole is claimed (in court).

        :param items: ``account.move.line`` records, receivable items of any state
        :param date until: last day that counts
        :param str imputation: ``principal`` (as the books) or ``interest`` (C. civ. 1343-1)
        :param bool with_disputed: claim what is disputed too
        :return: ``{item id: Accrued}``
        """
        known = passed(self.env, "owed", {}).get((until, imputation, with_disputed), {})
        if items and known.keys() >= set(items.ids):
            return known
        table = self.env["account.dunning.rate"]._get_table()
        facts = self._get_facts(items)
        siblings = items.browse(facts)
        events = self._get_events(siblings, until)
        if not with_disputed:
            for item_id, disputed in self._get_disputed(siblings, until).items():
                events[item_id] += disputed
        judgments = self._get_opening_judgments(siblings)
        first_days = self._get_formal_notice_days(items)
        indemnities = self._get_indemnities(items, facts, events, until, judgments)
        bases = self._get_by_company(facts, "dunning_day_basis")
        schedules, result = {}, {}
        for item_id in items.ids:
            fact = facts[item_id]
            statement, figures, problem = None, (), self._get_problem(fact)
            waits = bool(fact.regime) and allowed(fact.regime).penalties.when == FORMAL_NOTICE
            first_day = first_days.get(item_id) if waits else None
            bears = fact.state != "cancel" and not fact.is_returned and (not waits or first_day)
            if bears and not problem:
                statement, figures, problem = self._accrue(
                    fact,
                    events[item_id],
                    until,
                    lambda fact=fact: self._get_schedule(fact, table, schedules),
                    judgment=judgments.get(item_id),
                    imputation=imputation,
                    first_day=first_day,
                    day_basis=bases[fact.company_id],
                )
            counted = sorted(
                (event for event in events[item_id] if event.on <= until and event.amount),
                key=lambda event: event.on,
            )
            indemnity = indemnities.get(item_id, ZERO)
            result[item_id] = Accrued(statement, indemnity, problem, tuple(counted), figures)
        return result

    @api.model
    def _accrue(self, fact, events, until, get_schedule, judgment=None, **options):
        """Compute the interest of one item; insolvency freezes it the day before its opening.

        :param get_schedule: gives its rates, where the table has them
        :return: its ``core.interest.Statement``, the figures it rests on and False; or None, none
            and what is missing
        """
        last = min(until, judgment - ONE_DAY) if judgment else until
        try:
            schedule = get_schedule()
            statement = accrue(
                fact.principal, fact.due, events, last, schedule, step=fact.step, **options
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
        """Compute items together, for what is written about them one by one.

        Only for what is written at once: a payment that comes in between is not seen.

        :param dict items_by_day: ``{last day that counts: account.move.line records}``
        :return: what ``_compute_items`` is handed as ``owed`` (see ``pass_on``), so that it
            computes nothing of them again
        """
        return {
            (until, "principal", False): self._compute_items(items, until)
            for until, items in items_by_day.items()
            if items
        }

    @api.model
    def _get_by_company(self, facts, name):
        """Return an option of the creditor of each company that has one of these items.

        :param dict facts: what ``_get_facts`` returns
        :param str name: field of the creditor
        :return: ``{company id: value}``
        """
        companies = self.env["res.company"].browse({fact.company_id for fact in facts.values()})
        return {company.id: company.dunning_creditor_id[name] for company in companies}

    @api.model
    def _get_problem(self, fact):
        """Return why nothing can be computed for an item, for the user, or False."""
        if fact.state == "cancel" or fact.is_returned:
            return False
        creditor = self.env["res.company"].sudo().browse(fact.company_id).dunning_creditor_id
        if problem := creditor._get_dunning_foreign_problem():
            return problem
        if not fact.regime:
            return self.env._("The customer's legal regime is not confirmed.")
        if not fact.due or fact.principal < 0:
            return self.env._("Penalties are computed on debts that have a due date only.")
        return False

    @api.model
    def _get_opening_judgments(self, items):
        """Return the day of the judgment that opened insolvency, for the claims before it.

        It is the day before which the hold stops claims, else the first day of the hold.

        :return: ``{item id: date}``
        """
        holds = (
            self.env["account.dunning.hold"]
            .sudo()
            .search([("reason", "=", "insolvency"), ("released_on", "=", False)])
        )
        openings = {}
        for hold in holds:
            opening = hold.claims_before or hold.date_from
            judged = hold.move_line_id or hold.partner_id
            openings[judged] = min(openings.get(judged, opening), opening)
        if not openings:
            return {}
        judgments = {}
        for item in self._get_judged_items(items, list(openings)):
            debtors = (item, item.move_id.partner_id, item.partner_id.commercial_partner_id)
            opening = min(openings[debtor] for debtor in debtors if debtor in openings)
            if (item.move_id.invoice_date or item.date) < opening:
                judgments[item.id] = opening
        return judgments

    @api.model
    def _get_judged_items(self, items, judged):
        """Return those of the items that proceedings concern.

        :param judged: customers, also those that became since a contact of another, and items
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
        """Return from which day a consumer owes interest: after the receipt of a formal notice.

        Receipt is presumed after the days in the post of the policy (C. civ. 1231-6).

        :return: ``{item id: date}``
        """
        lines = (
            self.env["account.dunning.notice.line"]
            .sudo()
            .search(
                [
                    ("move_line_id", "in", items.ids),
                    ("state", "=", "sent"),
                    ("notice_id.has_left", "=", True),
                    ("claimed", "=", True),
                    ("notice_id.kind", "=", "formal_notice"),
                ]
            )
        )
        days = {}
        for line in lines:
            notice = line.notice_id
            addressee = notice.partner_id.commercial_partner_id
            if addressee != line.move_line_id.partner_id.commercial_partner_id:
                continue  # an invoice corrected since to another customer: he got none
            day = notice._get_reached_on() + timedelta(days=notice.policy_id.transit_days + 1)
            days[line.move_line_id.id] = min(day, days.get(line.move_line_id.id, day))
        return days

    @api.model
    def _get_indemnities(self, items, facts, events, until, judgments):
        """Return the flat indemnity of each item, in euros: one per invoice paid late.

        One per late instalment where the creditor says so (a reading of CJEU C-370/21, C-78/22).

        The earliest late instalment bears it; where that one is not among the items, and was never
        booked, the earliest of those asked for does. An item of an entry that is no invoice stands
        for an invoice of its own.

        :return: ``{item id: Decimal}``
        """
        by_regime = defaultdict(list)
        one_per = self._get_by_company(facts, "dunning_indemnity_per")
        for fact in facts.values():
            owes = fact.is_debt and not fact.is_returned and fact.state != "cancel"
            if owes and fact.regime and fact.due:
                settled = settled_on(fact.principal, events[fact.id], fact.step)
                by_regime[fact.regime, judgments.get(fact.id), one_per[fact.company_id]].append(
                    Instalment(fact.id, fact.invoice, fact.due, settled)
                )
        booked = self._get_booked_bearers(items.browse(facts) - items)
        asked = set(items.ids) | booked
        indemnities = {}
        for (regime, judgment, per), instalments in by_regime.items():
            bearing = [instalment for instalment in instalments if instalment.key in asked]
            indemnities |= flat_indemnities(
                bearing, until, regime, one_per=per, opening_judgment=judgment
            )
        return indemnities

    @api.model
    def _get_booked_bearers(self, siblings):
        """Return the ids of the instalments on which an indemnity was computed before."""
        penalties = self.env["account.dunning.penalty"].sudo()
        known = penalties.search([("move_line_id", "in", siblings.ids), ("indemnity", ">", 0)])
        return set(known.move_line_id.ids)
