from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import pytz

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ...core.working_days import ONE_DAY, is_working_day
from ..plan.query import Assumed
from .states import LIVE

POSTPONE = "account_dunning_fr.action_account_dunning_postpone"
AHEAD = 30  # days
SHOWN = 60  # customers shown of a day; the list behind it has them all
WEEK = timedelta(days=7)
LAST = 2**31  # after every message that is prepared already


class Sending(NamedTuple):
    """One message that will leave, as far as the books of today tell.

    :param on: its day
    :param partner_id: the customer
    :param level: ``account.dunning.level``, of the highest that it takes
    :param rows: what it claims, ``PlanRow``
    :param by_itself: the scheduled action sends it; else a person confirms, posts or calls
    """

    on: date
    partner_id: int
    level: Any
    rows: list
    by_itself: bool

    @property
    def amount(self):
        """What it claims, in the company's currency."""
        return round(sum(row.due_company for row in self.rows), 2)


class Foresight:
    """What is taken as done on the days looked at, and whom to look at on those to come.

    Between two looks at a customer nothing that the plan says of him changes: no level is reached,
    no due date passes that matters, no hold begins or ends.
    """

    def __init__(self, first, last):
        self.first, self.last = first, last
        self.looks = defaultdict(set)
        self.steps = defaultdict(dict)
        self.contacts = defaultdict(list)
        self.since = {}  # of each message kept back: the day on which it was first due
        self.sendings = []

    def look(self, partner_id, on):
        """Look at a customer on that day too."""
        if self.first < on <= self.last:
            self.looks[on].add(partner_id)

    def assume(self, partner_ids, ended):
        """Return what the plan of these customers takes as done."""
        return Assumed(
            [(item, *step) for each in partner_ids for item, step in self.steps[each].items()],
            [(each, *contact) for each in partner_ids for contact in self.contacts[each]],
            ended,
        )

    def send(self, sending, deadline):
        """Take a message as sent: what it claims has its level from then on."""
        partner_id = sending.partner_id
        self.sendings.append(sending)
        self.since.pop(partner_id, None)
        for row in sending.rows:
            if row.take_level_id:
                step = (row.cycle, row.take_level_id, deadline or None)
                self.steps[partner_id][row.move_line_id] = step
        self.contacts[partner_id].append((sending.on, sending.level.kind == "courtesy"))
        self.look(partner_id, sending.on + ONE_DAY)

    def wait(self, partner_id, rows, on, skipped):
        """Say when to look again at a customer to whom nothing leaves on a day.

        :param skipped: ids of the levels that are skipped past the due date, None for all: what is
            overdue may choose another policy
        """
        for row in rows:
            if row.due >= on and (skipped is None or row.next_level_id in skipped):
                self.look(partner_id, row.due + ONE_DAY)
            if row.stop is None and row.next_date:
                self.look(partner_id, max(row.next_date, on + ONE_DAY))


class AccountDunningAgenda(models.AbstractModel):
    """What will leave in the days to come, if nothing is paid and nobody does anything else.

    How it works: the plan of each day, by its own query, with the messages of the days before taken
    as sent (``plan.query.Assumed``): they hold interval, level and printed deadline. Only the
    customers for whom a day may change something are asked about again. Nothing is written.

    What leaves by itself does so on the day it is due, within the pace of the scheduled sending;
    what a person confirms, posts or says on the telephone, on the next working day.
    """

    _name = "account.dunning.agenda"
    _description = "Dunning Agenda"

    @api.model
    def _foresee(self, creditor, first=None, days=AHEAD):
        """Return what will leave in the name of a creditor.

        :param creditor: ``res.company``
        :param date first: the first day; today by default
        :param int days: how many, from the first one
        :return: list of :class:`Sending`, by day
        """
        first = first or fields.Date.context_today(self)
        fore = Foresight(first, first + timedelta(days=days - 1))
        ends = self._get_assumed_ends(creditor, first)
        self._look_at_holds(creditor, fore, ends)
        facts = self._get_facts(creditor)
        for on in (first + timedelta(days=count) for count in range(days)):
            looked = None if on == first else fore.looks.pop(on, ())
            if looked is None or looked:
                ended = [hold_id for hold_id, freed in ends.items() if freed <= on]
                self._foresee_day(creditor, on, looked, fore, ended, facts)
        return fore.sendings

    @api.model
    def _get_assumed_ends(self, creditor, first):
        """Return which holds end before their last day where nothing more is paid.

        For the rooms below: a hold may end with what it follows from.

        :param creditor: ``res.company``
        :param date first: the first day that is foreseen
        :return: ``{hold id: first day without it}``
        """
        return {}

    @api.model
    def _look_at_holds(self, creditor, fore, ends):
        """Look at the customers of the holds that begin or end meanwhile, on these days."""
        found = (
            self.env["account.dunning.hold"]
            .sudo()
            .search(
                [
                    ("company_id", "=", creditor.id),
                    ("released_on", "=", False),
                    *("|", "|", ("date_from", ">", fore.first), ("date_until", ">=", fore.first)),
                    ("id", "in", list(ends)),
                ]
            )
        )
        for hold in found:
            freed = hold.date_until and hold.date_until + ONE_DAY
            edges = filter(None, (hold.date_from, freed, ends.get(hold.id)))
            debtors = (hold.partner_id | hold.move_id.line_ids.partner_id).commercial_partner_id
            for on in edges:
                for partner in debtors:
                    fore.look(partner.id, on)

    @api.model
    def _get_facts(self, creditor):
        """Return what the days share: live messages, levels past which one goes, the pace."""
        notices = self.env["account.dunning.notice"].sudo()
        live = notices.search([("company_id", "=", creditor.id), ("state", "in", LIVE)])
        skipped = None
        if not self.env["account.dunning.rule"].sudo()._get_applicable(creditor):
            levels = self.env["account.dunning.level"].sudo()
            skipped = set(levels.search([("kind", "=", "courtesy")]).ids)
        cron = self.env.ref("account_dunning_fr.ir_cron_send", raise_if_not_found=False)
        return {
            "live": {notice.partner_id.id: notice for notice in live},
            "left_out": set(live.line_ids.filtered("left_out").move_line_id.ids),
            "skipped": skipped,
            "at": cron.sudo().nextcall.time() if cron else time(7),
            "place": creditor.partner_id._get_dunning_territory(),
        }

    # -- A day -------------------------------------------------------------------------------------

    @api.model
    def _foresee_day(self, creditor, on, looked, fore, ended, facts):
        """Carry the plan of one day out, in thought.

        :param looked: ids of the customers who are looked at, None for all of them
        :param Foresight fore: what is taken as done
        :param list ended: ids of the holds that ended by then
        :param dict facts: as ``_get_facts`` returns them
        """
        partners = None if looked is None else self.env["res.partner"].browse(sorted(looked))
        plan = self.env["account.dunning.plan"].sudo()
        rows = defaultdict(list)
        for row in plan._simulate(creditor, on, partners, fore.assume(looked or (), ended)):
            rows[row.partner_id].append(row)
        due = self._compose(creditor, on, rows, facts)
        leaving = self._pick_leaving(creditor, on, due, fore, facts)
        for partner_id, found in rows.items():
            if partner_id in leaving:
                sending = due[partner_id]
                partner = self.env["res.partner"].sudo().browse(partner_id)
                fore.send(sending, sending.level._get_deadline(on, partner))
                facts["live"].pop(partner_id, None)
            else:
                fore.wait(partner_id, found, on, facts["skipped"])

    @api.model
    def _compose(self, creditor, on, rows, facts):
        """Return the message of the day to each customer, ``{partner id: Sending}``."""
        due = {}
        for partner_id, found in rows.items():
            notice = facts["live"].get(partner_id)
            claimed = [
                row
                for row in found
                if row.final_role == "claimed"
                and not (notice and row.move_line_id in facts["left_out"])
            ]
            if not claimed:
                continue
            level = self.env["account.dunning.level"].sudo().browse(claimed[0].tone_level_id)
            if notice and notice.level_id == level:
                alone = notice.state == "ready" and notice.send_email
            else:
                alone = level.automatic and level.send_email
            alone = bool(alone and creditor.sudo().dunning_active)
            due[partner_id] = Sending(on, partner_id, level, claimed, alone)
        return due

    @api.model
    def _pick_leaving(self, creditor, on, due, fore, facts):
        """Return the customers whose message leaves on the day it is due, as a set of ids."""
        for partner_id in due:
            fore.since.setdefault(partner_id, on)
        alone = [partner_id for partner_id, sending in due.items() if sending.by_itself]
        alone_now = self._leave_in_peace(creditor, on, alone, fore, facts)
        leaving = self._keep_limit(creditor, on, alone_now, due, fore, facts)
        if is_working_day(on, facts["place"]):
            leaving |= due.keys() - set(alone)
        return leaving

    @api.model
    def _leave_in_peace(self, creditor, on, partner_ids, fore, facts):
        """Return those who may be written to on that day: a private person not at any time."""
        zone = pytz.timezone(creditor.sudo()._get_dunning_timezone())
        now = datetime.combine(on, facts["at"])
        groups = defaultdict(list)
        for partner_id in partner_ids:
            lately = tuple(day for day, _soft in fore.contacts[partner_id] if day > on - WEEK)
            groups[lately].append(partner_id)
        allowed = {}
        for lately, ids in groups.items():
            partners = self.env["res.partner"].sudo().browse(ids)
            allowed |= partners._get_dunning_next_contacts(creditor, now, lately)

        def get_day(moment):
            return pytz.utc.localize(moment).astimezone(zone).date()

        return [each for each in partner_ids if get_day(allowed[each]) <= get_day(now)]

    @api.model
    def _keep_limit(self, creditor, on, partner_ids, due, fore, facts):
        """Return those whom the day still has room for, in the order of the scheduled sending."""
        limit = creditor.sudo().dunning_daily_limit
        if not limit:
            return set(partner_ids)

        def key(partner_id):
            notice = facts["live"].get(partner_id)
            order = (fore.since[partner_id], due[partner_id].level.id, partner_id)
            return (notice.id if notice else LAST, *order)

        sent = (
            self.env["account.dunning.notice"]
            .with_user(SUPERUSER_ID)
            .search_count(
                [
                    ("company_id", "=", creditor.id),
                    ("state", "=", "sent"),
                    ("date", "=", on),
                    ("sent_by", "=", SUPERUSER_ID),
                ]
            )
        )
        return set(sorted(partner_ids, key=key)[: max(limit - sent, 0)])

    # -- The page ----------------------------------------------------------------------------------

    @api.model
    def get_page(self):
        """Return the agenda of the user's companies, ready to be shown.

        :return: dict: ``weeks`` (lists of days, of which one may be None), ``total`` (a sentence),
            ``inactive`` (names of the creditors that send nothing by themselves), ``may_postpone``
        :raise AccessError: unless the user reads the reminders
        """
        self.env["account.dunning.notice"].check_access("read")
        creditors = self._get_read_creditors()
        today = fields.Date.context_today(self)
        days = {today + timedelta(days=count): [] for count in range(AHEAD)}
        for creditor in creditors:
            postponed = self._get_postponed(creditor)
            for sending in self._foresee(creditor, today):
                days[sending.on].append(self._get_row(creditor, sending, postponed))
        currency = creditors.currency_id if len(creditors.currency_id) == 1 else None
        return {
            "weeks": self._get_weeks(days, currency),
            "inactive": creditors.sudo().filtered(lambda c: not c.dunning_active).mapped("name"),
            "may_postpone": self.env["account.dunning.hold"].has_access("create"),
        }

    @api.model
    def _get_read_creditors(self):
        """Return the creditors of the user's companies all whose books he reads."""
        return self.env.companies.dunning_creditor_id.filtered(
            lambda creditor: creditor.sudo()._get_dunning_companies() <= self.env.user.company_ids
        )

    @api.model
    def _get_postponed(self, creditor):
        """Return the postponements of whole customers that still last, by customer, the last first.

        :return: ``{partner id: account.dunning.hold}``
        """
        holds = self.env["account.dunning.hold"].search(
            [
                ("company_id", "=", creditor.id),
                ("reason", "=", "postponed"),
                ("released_on", "=", False),
                ("move_id", "=", False),
                ("date_until", ">=", fields.Date.context_today(self)),
            ],
            order="date_until DESC, id DESC",
        )
        return {partner.id: found for partner, found in holds.grouped("partner_id").items()}

    @api.model
    def _get_row(self, creditor, sending, postponed):
        """Return one message as the page shows it.

        :param dict postponed: as ``_get_postponed`` returns it
        """
        partner = self.env["res.partner"].sudo().browse(sending.partner_id)
        hold = self._find_postponed(postponed.get(sending.partner_id), sending.on)
        return {
            "key": f"{creditor.id}-{partner.id}",
            "company_id": creditor.id,
            "partner_id": partner.id,
            "name": partner.name or partner.display_name,
            "level": sending.level,
            "amount": sending.amount,
            "value": format_amount(self.env, sending.amount, creditor.currency_id),
            "by_itself": sending.by_itself,
            "postponed_from": hold and fields.Date.to_string(hold.date_from),
            "postponed": hold
            and self.env._(
                "Postponed from %(day)s by %(user)s",
                day=format_date(self.env, hold.date_from),
                user=hold.user_id.name,
            ),
        }

    @api.model
    def _find_postponed(self, holds, on):
        """Return the postponement that brought a message to its day, or None.

        :param holds: those of the customer, or None
        """
        if not holds:
            return None
        return holds.filtered(lambda hold: on - WEEK <= hold.date_until < on)[:1] or None

    @api.model
    def _get_weeks(self, days, currency):
        """Return the days by week, Monday to Friday, and those of the weekend on which any leaves.

        :param dict days: ``{date: rows}``, all the days in their order
        :param currency: of the amounts, None where there are several
        """
        weeks = []
        for on, rows in days.items():
            if not weeks or on.weekday() == 0:
                weeks.append([])
            if rows or on.weekday() < 5:
                weeks[-1].append(self._get_day(on, rows, currency))
        return [week for week in weeks if week]

    @api.model
    def _get_day(self, on, rows, currency):
        rows = sorted(rows, key=lambda row: (-row["amount"], row["name"]))
        levels = defaultdict(list)
        for row in rows:
            levels[row["level"], row["by_itself"]].append(row)
        order = sorted(levels, key=lambda key: (-key[0].rank, key[1]))
        return {
            "date": fields.Date.to_string(on),
            "column": on.weekday() + 1,
            "label": format_date(self.env, on, date_format="EEEE d MMMM"),
            "short": format_date(self.env, on, date_format="EEE d MMM"),
            "off": not is_working_day(on),
            "count": len(rows),
            "value": self._sum(rows, currency),
            "levels": [self._get_level(*key, levels[key], currency) for key in order],
            "rows": [
                {**row, "level": row["level"].with_env(self.env).sudo().name}
                for row in rows[:SHOWN]
            ],
            "more": max(len(rows) - SHOWN, 0),
            "partner_ids": [row["partner_id"] for row in rows],
        }

    @api.model
    def _sum(self, rows, currency):
        return currency and format_amount(self.env, sum(row["amount"] for row in rows), currency)

    @api.model
    def _get_level(self, level, by_itself, rows, currency):
        level = level.with_env(self.env).sudo()
        return {
            "key": f"{level.id}-{by_itself}",
            "name": level.name,
            "kind": level.kind,
            "channels": level.channels,
            "by_itself": by_itself,
            "count": len(rows),
            "value": self._sum(rows, currency),
            "partner_ids": [row["partner_id"] for row in rows],
        }

    # -- Another day -------------------------------------------------------------------------------

    @api.model
    def action_move(self, company_id, partner_id, on, to):
        """Bring the message to a customer to another day of the agenda.

        Later: the action that asks why, and postpones it. Earlier: what postponed it is taken back,
        as far as that day.

        :param int company_id: the creditor
        :param int partner_id: the customer
        :param str on: the day on which it would leave
        :param str to: the day wanted
        :return: an action, or None
        :raise UserError: earlier than the policy says
        """
        creditor = self.env["res.company"].browse(company_id) & self._get_read_creditors()
        partner = self.env["res.partner"].browse(partner_id).exists()
        if not creditor or not partner:
            raise UserError(self.env._("This message is no longer in the agenda: open it again."))
        on, to = fields.Date.to_date(on), fields.Date.to_date(to)
        if to > on:
            return self._get_postpone_action(creditor, partner, on, to)
        hold = self._find_postponed(self._get_postponed(creditor).get(partner.id), on)
        if not hold or to < hold.date_from:
            raise UserError(
                self.env._(
                    "Nothing postponed the message to %(customer)s from that day: it leaves when "
                    "its policy says. To write to him before, chase him from his page.",
                    customer=partner.display_name,
                )
            )
        if to == hold.date_from:
            hold.action_release()
        else:
            hold.date_until = to - ONE_DAY
        return None

    @api.model
    def _get_postpone_action(self, creditor, partner, on, to):
        action = self.env["ir.actions.act_window"]._for_xml_id(POSTPONE)
        context = {
            "default_company_id": creditor.id,
            "default_partner_id": partner.id,
            "default_date_from": fields.Date.to_string(on),
            "default_date_until": fields.Date.to_string(to - ONE_DAY),
        }
        name = self.env._("Postpone the message to %s", partner.display_name)
        return {**action, "name": name, "context": context}

    @api.model
    def _postpone(self, creditor, partner, on, until, reason, note):
        """Leave a customer in peace from a day of the agenda until another; the former ends.

        :param creditor: ``res.company``
        :param date on: the day on which the message would leave
        :param date until: the last day on which it does not
        """
        former = self._find_postponed(self._get_postponed(creditor).get(partner.id), on)
        date_from = on
        if former:
            date_from = former.date_from
            former.action_release()
        self.env["account.dunning.hold"].create(
            {
                "company_id": creditor.id,
                "partner_id": partner.id,
                "reason": reason,
                "note": note,
                "date_from": date_from,
                "date_until": until,
            }
        )
        self.env["account.dunning.notice"].sudo()._get_live(creditor, partner)._refresh()
