from collections import defaultdict

import pytz

from odoo import fields, models

from ...core.contact_times import WEEK, next_contact
from ...core.territories import country, is_french
from ...core.working_days import ONE_DAY
from ..notice.states import NO_CONTACT


class ResPartner(models.Model):
    """When a private person may be written to or called: not too often, nor at night."""

    _inherit = "res.partner"

    def _is_dunning_person(self):
        """Whether the customer is a natural person: a consumer, or not a company."""
        self.ensure_one()
        return self.dunning_regime == "b2c" or not self.is_company

    def _get_dunning_next_contacts(self, company, now, also=()):
        """Return when each of these customers may be written to or called.

        :param company: ``res.company``, the creditor
        :param datetime now: in UTC, without a time zone
        :param also: days of contacts that are not recorded yet
        :return: ``{partner id: datetime in UTC}``: now, except for a private person who must not be
            contacted yet
        """
        company = company.sudo()
        moment = pytz.utc.localize(now)
        ours = moment.astimezone(pytz.timezone(company._get_dunning_timezone())).date()
        persons = self.filtered(lambda partner: partner._is_dunning_person())
        known = persons._get_dunning_contact_days(company, ours)
        found = dict.fromkeys(self.ids, now)
        for person in persons:
            zone = pytz.timezone(person._get_dunning_contact_zone(company))
            local = moment.astimezone(zone).replace(tzinfo=None)
            allowed = next_contact(
                local,
                # The creditor's days: where the customer lives, today's may still be in the future.
                [min(on, local.date()) for on in (*known[person.id], *also)],
                company.dunning_contact_max,
                (company.dunning_contact_from, company.dunning_contact_to),
                person._get_dunning_territory(),
            )
            if allowed != local:
                found[person.id] = zone.localize(allowed).astimezone(pytz.utc).replace(tzinfo=None)
        return found

    def _get_dunning_contact_zone(self, company):
        """Return the name of the time zone in which this customer lives, from his address.

        That of the creditor if the address does not tell, or is in a country with several.

        :param company: ``res.company``, the creditor
        """
        self.ensure_one()
        code = self.country_id.code or ("FR" if self.zip else "")
        french = is_french(code)
        zones = pytz.country_timezones.get(
            country(self._get_dunning_territory()) if french else code, []
        )
        # French Polynesia has three: nearly everybody uses that of Tahiti, the first one.
        told = zones[:1] if french or len(zones) == 1 else [company._get_dunning_timezone()]
        return told[0]

    def _get_dunning_contact_days(self, company, today):
        """Return the days in the last eight on which these customers were written to or called.

        :param company: ``res.company``, the creditor
        :param date today: the current day
        :return: ``{partner id: list of dates}``, each day as often as there were contacts
        """
        days = defaultdict(list)
        if not self:
            return days
        since = today - WEEK - ONE_DAY  # where the customer lives, it may still be yesterday
        domain = [("company_id", "=", company.id), ("partner_id", "in", self.ids)]
        notices = self.env["account.dunning.notice"].search_fetch(
            [
                *domain,
                ("state", "=", "sent"),
                ("date", ">", since),
                # A notice that consists only of a call is counted below, by its call.
                *("|", "|", "|", ("make_call", "=", False), ("send_email", "=", True)),
                *(("send_letter", "=", True), ("send_registered", "=", True)),
            ],
            ["partner_id", "date"],
        )
        for notice in notices:
            days[notice.partner_id.id].append(notice.date)
        calls = self.env["account.dunning.call"].search_fetch(
            [
                *domain,
                ("state", "=", "done"),
                ("outcome", "!=", NO_CONTACT),
                ("done_on", ">", fields.Datetime.to_datetime(since)),
            ],
            ["partner_id", "done_on"],
        )
        for call in calls:
            days[call.partner_id.id].append(company._get_dunning_day(call.done_on))
        return days

    def action_dunning_call(self):
        """Open the pending call to this customer, or a new one."""
        self.ensure_one()
        return self._open_dunning_call(self._get_dunning_asking_creditor())

    def _open_dunning_call(self, creditor):
        calls = self.env["account.dunning.call"]
        call = calls._get_waiting(self, creditor) or calls.create(
            {"partner_id": self.commercial_partner_id.id, "company_id": creditor.id}
        )
        return call._get_records_action()
