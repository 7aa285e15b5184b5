from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize, format_amount, format_date, formatLang

from ...core.working_days import ONE_DAY, is_working_day
from ..common.creditors_day import creditors_day
from ..common.ledger_query import get_fields
from .foresight import Foresight, Sending
from .states import LIVE

POSTPONE = "account_dunning_fr.action_account_dunning_postpone"
AHEAD = 30  # days
MOST_LOOKS = 50_000  # customers examined again after the first day: a minute's work
SHOWN = 60  # customers shown per day; the list behind it has them all
WEEK = timedelta(days=7)
READ_OF_LIVE = ["partner_id", "level_id", "state", "send_email", "chosen_recipient_id"]
# What the query for addresses that need a closer look reads.
READ_OF_CUSTOMERS = {
    "res.partner": [
        *("email_normalized", "active", "commercial_partner_id"),
        *("message_bounce", "dunning_contact_id"),
    ],
}
LAST = 2**31  # sorts after all existing notices


class AccountDunningAgenda(models.AbstractModel):
    """What will be sent in the coming days, if nothing is paid and nobody does anything else.

    How it works: the plan of each day, by its own query, taking the notices of the days before as
    sent (``plan.query.Assumed``), with their interval, level and printed deadline. Only customers
    for whom a day may change something are examined again. Nothing is written.

    What is sent automatically is sent on the day it is due, within the limits of the scheduled
    sending; what a person has to confirm, post or say on the telephone, on the next working day.
    """

    _name = "account.dunning.agenda"
    _description = "Dunning Agenda"

    @api.model
    def _foresee(self, creditor, first=None, days=AHEAD):
        """Return what will be sent in the name of a creditor.

        :param creditor: ``res.company``
        :param date first: the first day; today by default
        :param int days: number of days, including the first
        :return: :class:`Foresight`: ``sendings`` by day, and ``last``: earlier than requested if so
            many customers change meanwhile that computing would take too long (``MOST_LOOKS``)
        """
        first = first or creditor._get_dunning_today()
        fore = self._begin(creditor, first, first + timedelta(days=days - 1))
        ends = self._get_assumed_ends(creditor, first)
        self._look_at_holds(creditor, fore, ends)
        facts = self._get_facts(creditor)
        looks = 0
        for on in (first + timedelta(days=count) for count in range(days)):
            looked = None if on == first else fore.looks.pop(on, ())
            looks += len(looked or ())
            if looks > MOST_LOOKS:
                fore.end_before(on)
                break
            ended = [hold_id for hold_id, freed in ends.items() if freed <= on]
            self._foresee_day(creditor, on, looked, fore, ended, facts)
        return fore

    @api.model
    def _begin(self, creditor, first, last):
        """Return an empty :class:`Foresight` for these days."""
        policies = self.env["account.dunning.policy"].sudo()
        [(interval,)] = policies._read_group([], aggregates=["min_interval:min"])
        is_ruled = bool(self.env["account.dunning.rule"].sudo()._get_applicable(creditor))
        return Foresight(first, last, interval or 1, is_ruled)

    @api.model
    def _get_assumed_ends(self, creditor, first):
        """Return which holds end before their last day if nothing more is paid.

        Extended by other rooms: a hold may end with its owner.

        :param creditor: ``res.company``
        :param date first: the first day of the agenda
        :return: ``{hold id: first day without it}``
        """
        return {}

    @api.model
    def _look_at_holds(self, creditor, fore, ends):
        """Examine customers again on the days on which their holds begin or end."""
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
        """Return what the days share: live notices, the items removed from them, limits."""
        live = [("company_id", "=", creditor.id), ("state", "in", LIVE)]
        notices = self.env["account.dunning.notice"].sudo()
        found = notices.search_fetch(live, READ_OF_LIVE)
        refused = notices._get_refused(creditor)
        lines = self.env["account.dunning.notice.line"].sudo()
        out = lines.search([("notice_id", "any", live), ("left_out", "=", True)])
        left_out = {
            notice.partner_id.id: rows.move_line_id.ids
            for notice, rows in out.grouped("notice_id").items()
        }
        cron = self.env.ref("account_dunning_fr.ir_cron_send", raise_if_not_found=False)
        return {
            "creditor": creditor,
            "live": {notice.partner_id.id: notice for notice in found},
            "refused": {partner_id: refused for (_id, partner_id), refused in refused.items()},
            "left_out": left_out,
            "active": creditor.sudo().dunning_active,
            "currency": creditor.currency_id,
            "from": email_normalize(creditor.sudo().email),
            "at": cron.sudo().nextcall.time() if cron else time(7),
            "place": creditor.partner_id._get_dunning_territory(),
        }

    # -- A day -------------------------------------------------------------------------------------

    @api.model
    def _foresee_day(self, creditor, on, looked, fore, ended, facts):
        """Apply the plan of one day, in memory.

        :param looked: ids of the customers examined, None for all of them
        :param Foresight fore: what is assumed to be done
        :param list ended: ids of the holds that have ended by then
        :param dict facts: as returned by ``_get_facts``
        """
        rows = []
        if looked is None or looked:
            partners = None if looked is None else self.env["res.partner"].browse(sorted(looked))
            plan = self.env["account.dunning.plan"].sudo()
            assumed = fore.assume(looked or (), ended)
            left_out = [item for items in facts["left_out"].values() for item in items]
            rows = plan._simulate_customers(creditor, on, partners, assumed, left_out)
        self._compose(on, rows, fore, facts)
        leaving = self._pick_leaving(creditor, on, fore, facts)
        self._send(on, sorted(leaving), fore, facts)
        for row in rows:
            if row.partner_id not in leaving:
                fore.wait(row)

    @api.model
    def _compose(self, on, rows, fore, facts):
        """Prepare the notices of the day to the customers examined."""
        levels = self.env["account.dunning.level"].sudo()
        levels = {level_id: levels.browse(level_id) for level_id in {row.level_id for row in rows}}
        alone = facts["active"] and self._get_reached(rows, facts)
        for row in rows:
            fore.due.pop(row.partner_id, None)
            if not row.level_id:
                continue
            level, notice = levels[row.level_id], facts["live"].get(row.partner_id)
            if notice and notice.level_id == level:
                by_itself = notice.state == "ready" and notice.send_email
            else:
                by_itself = level.automatic and level.send_email
            by_itself = bool(by_itself and alone and row.partner_id in alone)
            amount = facts["currency"].round(row.amount)
            fore.compose(Sending(on, row.partner_id, level, amount, by_itself, row))
        due = [fore.due[row.partner_id] for row in rows if row.level_id]
        waiting = self._get_waiting([sending for sending in due if sending.by_itself], facts)
        for partner_id, reason in waiting.items():
            sending = fore.due[partner_id]
            fore.due[partner_id] = sending._replace(by_itself=False, waits=reason)

    @api.model
    def _get_reached(self, rows, facts):
        """Return the customers of these rows whose e-mail can leave: valid address and sender.

        As in the gate (``account.dunning.notice._get_email_problem``). For most customers one query
        is enough: their own address is valid, and no e-mail to any of theirs was returned or
        permanently refused.

        :return: set of ids
        """
        ids = {row.partner_id for row in rows if row.level_id}
        if not ids or not facts["from"]:
            return set()
        doubtful = self.env.execute_query(
            SQL(
                """
                SELECT partner.id FROM res_partner partner
                 WHERE partner.id IN %s AND (
                       partner.email_normalized IS NULL OR partner.active IS NOT TRUE
                       OR EXISTS (SELECT FROM res_partner contact
                                   WHERE contact.commercial_partner_id = partner.id
                                     AND contact.message_bounce > 0)
                       OR EXISTS (SELECT FROM res_partner contact
                                   WHERE contact.id = partner.dunning_contact_id
                                     AND contact.message_bounce > 0))
                """,
                tuple(ids),
                to_flush=get_fields(self.env, READ_OF_CUSTOMERS),
            )
        )
        live, refused = facts["live"], facts["refused"]
        doubtful = {partner_id for (partner_id,) in doubtful} | (ids & refused.keys())
        doubtful |= {one for one in ids & live.keys() if live[one].chosen_recipient_id}
        taking = {row.partner_id: row.items or () for row in rows if row.partner_id in doubtful}
        partners = self.env["res.partner"].sudo().browse(taking)
        items = self.env["account.move.line"].sudo()
        together = [item_id for each in taking.values() for item_id in each]  # read together
        return ids - {
            partner.id
            for partner in partners
            if not self._is_reached(
                partner,
                items.browse(taking[partner.id]).with_prefetch(together),
                live.get(partner.id),
                refused.get(partner.id, ()),
            )
        }

    @api.model
    def _is_reached(self, partner, items, notice, refused):
        """Whether the recipient of a customer's notice has an address that accepts e-mails.

        :param items: ``account.move.line`` records that take a level in it
        :param notice: the notice already prepared, or None
        :param refused: addresses that permanently refused a notice to him
        """
        recipient = notice.recipient_id if notice else partner._get_dunning_recipient(items.move_id)
        return not recipient._get_dunning_email_fault(refused)

    @api.model
    def _send(self, on, partner_ids, fore, facts):
        """Assume that the notices to these customers are sent on a day."""
        deadlines = {}
        for partner in self.env["res.partner"].sudo().browse(partner_ids):
            level = fore.due[partner.id].level
            key = (level, partner._get_dunning_territory())
            if key not in deadlines:
                deadlines[key] = level._get_deadline(on, partner)
            fore.send(partner.id, on, deadlines[key])
            facts["live"].pop(partner.id, None)
            facts["left_out"].pop(partner.id, None)

    @api.model
    def _pick_leaving(self, creditor, on, fore, facts):
        """Return the customers whose notice is sent on that day, as a set of ids."""
        alone = [partner_id for partner_id, sending in fore.due.items() if sending.by_itself]
        alone_now = self._leave_in_peace(creditor, on, alone, fore, facts)
        leaving = self._keep_limit(creditor, on, alone_now, fore, facts)
        if is_working_day(on, facts["place"]):
            leaving |= fore.due.keys() - set(alone)
        return leaving

    @api.model
    def _leave_in_peace(self, creditor, on, partner_ids, fore, facts):
        """Return those who may be written to on that day: private persons not at any time."""
        zone = pytz.timezone(creditor.sudo()._get_dunning_timezone())
        now = datetime.combine(on, facts["at"])
        groups = defaultdict(list)
        for partner_id in partner_ids:
            contacts = fore.contacts.get(partner_id, ())
            lately = tuple(day for day, _soft in contacts if day > on - WEEK)
            groups[lately].append(partner_id)
        allowed = {}
        for lately, ids in groups.items():
            partners = self.env["res.partner"].sudo().browse(ids)
            allowed |= partners._get_dunning_next_contacts(creditor, now, lately)

        def get_day(moment):
            return pytz.utc.localize(moment).astimezone(zone).date()

        return [each for each in partner_ids if get_day(allowed[each]) <= get_day(now)]

    @api.model
    def _keep_limit(self, creditor, on, partner_ids, fore, facts):
        """Return those who fit in the day's limit, in the order of the scheduled sending."""
        limit = creditor.sudo().dunning_daily_limit
        if not limit:
            return set(partner_ids)

        def key(partner_id):
            notice = facts["live"].get(partner_id)
            order = (fore.since[partner_id], fore.due[partner_id].level.id, partner_id)
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

        :return: dict: ``weeks`` (lists of days), ``until`` (a sentence if there are fewer days than
            ``AHEAD``), ``inactive`` (names of the creditors that send nothing automatically),
            ``may_postpone``
        :raise AccessError: unless the user may read notices
        """
        self.env["account.dunning.notice"].check_access("read")
        creditors = self._get_read_creditors()
        today = creditors_day(self)
        foreseen = {creditor: self._foresee(creditor, today) for creditor in creditors}
        asked = today + timedelta(days=AHEAD - 1)
        last = min((fore.last for fore in foreseen.values()), default=asked)
        days = {today + timedelta(days=count): [] for count in range((last - today).days + 1)}
        for creditor, fore in foreseen.items():
            for sending in fore.sendings:
                if sending.on <= last:
                    days[sending.on].append((creditor, sending))
        currency = creditors.currency_id if len(creditors.currency_id) == 1 else None
        postponed = {creditor: self._get_postponed(creditor) for creditor in creditors}
        return {
            "weeks": self._get_weeks(days, currency, postponed),
            "until": last < asked and self._get_end_sentence(last),
            "inactive": creditors.sudo().filtered(lambda c: not c.dunning_active).mapped("name"),
            "may_postpone": self.env["account.dunning.hold"].has_access("create"),
        }

    @api.model
    def _get_end_sentence(self, last):
        return self.env._(
            "The agenda ends on %(day)s: beyond, more than %(count)s customers would have to be "
            "looked at again, which takes too long.",
            day=format_date(self.env, last),
            count=formatLang(self.env, MOST_LOOKS, digits=0),
        )

    @api.model
    def _get_read_creditors(self):
        """Return the creditors of the user's companies whose books he may read completely."""
        return self.env.companies.dunning_creditor_id.filtered(
            lambda creditor: creditor.sudo()._get_dunning_companies() <= self.env.user.company_ids
        )

    @api.model
    def _get_postponed(self, creditor):
        """Return the current postponements of whole customers, by customer, the latest first.

        :return: ``{partner id: account.dunning.hold}``
        """
        holds = self.env["account.dunning.hold"].search(
            [
                ("company_id", "=", creditor.id),
                ("reason", "=", "postponed"),
                ("released_on", "=", False),
                ("move_id", "=", False),
                ("date_until", ">=", creditors_day(creditor)),
            ],
            order="date_until DESC, id DESC",
        )
        return {partner.id: found for partner, found in holds.grouped("partner_id").items()}

    @api.model
    def _get_row(self, creditor, sending, partner, postponed):
        """Return one notice in the form shown on the page.

        :param partner: the customer, ``res.partner``
        :param dict postponed: as returned by ``_get_postponed``
        """
        hold = self._find_postponed(postponed.get(sending.partner_id), sending.on)
        return {
            "key": f"{creditor.id}-{partner.id}",
            "company_id": creditor.id,
            "partner_id": partner.id,
            "name": partner.name or partner.display_name,
            "level": sending.level.with_env(self.env).sudo().name,
            "waits": sending.waits,
            "value": format_amount(self.env, sending.amount, creditor.currency_id),
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
        """Return the postponement that moved a notice to its day, or None.

        :param holds: those of the customer, or None
        """
        if not holds:
            return None
        return holds.filtered(lambda hold: on - WEEK <= hold.date_until < on)[:1] or None

    @api.model
    def _get_weeks(self, days, currency, postponed):
        """Return the days by week: Monday to Friday, and weekend days with any sending.

        :param dict days: ``{date: list of (creditor, Sending)}``, all days in order
        :param currency: currency of the amounts, None if there are several
        :param dict postponed: ``{creditor: result of _get_postponed}``
        """
        weeks = []
        for on, found in days.items():
            if not weeks or on.weekday() == 0:
                weeks.append([])
            if found or on.weekday() < 5:
                weeks[-1].append(self._get_day(on, found, currency, postponed))
        return [week for week in weeks if week]

    @api.model
    def _get_day(self, on, found, currency, postponed):
        """Return one day as shown on the page; of many customers the first, by amount and name."""
        found = sorted(found, key=lambda each: (-each[1].amount, each[1].partner_id))
        levels = defaultdict(list)
        for _creditor, sending in found:
            levels[sending.level, sending.by_itself, bool(sending.waits)].append(sending)
        order = sorted(levels, key=lambda key: (-key[0].rank, *key[1:]))
        sendings = [sending for _creditor, sending in found]
        return {
            "date": fields.Date.to_string(on),
            "column": on.weekday() + 1,
            "label": format_date(self.env, on, date_format="EEEE d MMMM"),
            "short": format_date(self.env, on, date_format="EEE d MMM"),
            "off": not is_working_day(on),
            "count": len(found),
            "value": self._sum(sendings, currency),
            "levels": [self._get_level(*key, levels[key], currency) for key in order],
            "rows": self._get_rows(found[:SHOWN], postponed),
            "more": max(len(found) - SHOWN, 0),
            "partner_ids": [sending.partner_id for sending in sendings],
        }

    @api.model
    def _get_rows(self, found, postponed):
        """Return the notices of a day as shown on the page, from ``(creditor, Sending)`` pairs."""
        ids = [sending.partner_id for _creditor, sending in found]
        rows = [
            (sending.amount, self._get_row(creditor, sending, partner, postponed[creditor]))
            for (creditor, sending), partner in zip(
                found, self.env["res.partner"].sudo().browse(ids), strict=True
            )
        ]
        return [row for _amount, row in sorted(rows, key=lambda each: (-each[0], each[1]["name"]))]

    @api.model
    def _sum(self, sendings, currency):
        amount = sum(sending.amount for sending in sendings)
        return currency and format_amount(self.env, amount, currency)

    @api.model
    def _get_level(self, level, by_itself, waits, sendings, currency):
        level = level.with_env(self.env).sudo()
        reasons = {sending.waits for sending in sendings}
        return {
            "key": f"{level.id}-{by_itself}-{waits}",
            # If each customer lacks something else, the rows say what.
            "waits": reasons.pop() if len(reasons) == 1 else "",
            "name": level.name,
            "kind": level.kind,
            "channels": level.channels,
            "by_itself": by_itself,
            "count": len(sendings),
            "value": self._sum(sendings, currency),
            "partner_ids": [sending.partner_id for sending in sendings],
        }

    # -- Another day -------------------------------------------------------------------------------

    @api.model
    def action_move(self, company_id, partner_id, on, to):
        """Move the notice to a customer to another day of the agenda.

        Later: return the action that asks for a reason, and postpones it. Earlier: take back its
        postponement, as far as that day.

        :param int company_id: the creditor
        :param int partner_id: the customer
        :param str on: the day on which it would be sent
        :param str to: the requested day
        :return: an action, or None
        :raise UserError: if that is earlier than the policy says
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
        """Put a customer on hold between two days of the agenda, replacing an earlier postponement.

        :param creditor: ``res.company``
        :param date on: the day on which the notice would be sent
        :param date until: the last day on which it is not
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
