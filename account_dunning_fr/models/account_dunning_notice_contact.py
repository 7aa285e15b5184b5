from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_datetime

from ..core.contact_times import next_contact

ALSACE_MOSELLE = ("57", "67", "68")


class AccountDunningNotice(models.Model):
    """When a natural person is written to by the scheduled sending: not too often, nor at night."""

    _inherit = "account.dunning.notice"

    wait_until = fields.Datetime(
        readonly=True,
        copy=False,
        help="The scheduled sending leaves the person in peace till then.",
    )
    wait_reason = fields.Char(compute="_compute_wait_reason")

    @api.depends("wait_until", "state")
    def _compute_wait_reason(self):
        now = fields.Datetime.now()
        for notice in self:
            waits = notice.wait_until and notice.wait_until > now
            notice.wait_reason = (
                waits
                and notice.state in ("draft", "ready")
                and self.env._(
                    "It leaves by itself from %s: a private person is not written to at night, on "
                    "a Sunday or a public holiday, nor more often than the settings allow.",
                    format_datetime(
                        self.env, notice.wait_until, tz=notice.company_id._get_dunning_timezone()
                    ),
                )
            )

    @api.model
    def _get_waiting_domain(self):
        """Return the notices that need not wait any longer."""
        now = fields.Datetime.now()
        return ["|", ("wait_until", "=", False), ("wait_until", "<=", now)]

    def _has_to_wait(self):
        """Whether a private person is to be left in peace now; it is then noted until when.

        The sending is started again at that time.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        allowed = self._get_next_contact(now)
        if allowed <= now:
            self.wait_until = False
            return False
        self.wait_until = allowed
        self.env.ref("account_dunning_fr.ir_cron_send")._trigger(at=allowed)
        return True

    def _get_next_contact(self, now):
        """Return when the customer may be written to: now, unless it is a private person.

        :param datetime now: in UTC, without a time zone
        :return: datetime, likewise
        """
        self.ensure_one()
        if not self.partner_id.sudo()._is_dunning_person():
            return now
        company = self.company_id.sudo()
        zone = pytz.timezone(company._get_dunning_timezone())
        local = pytz.utc.localize(now).astimezone(zone).replace(tzinfo=None)
        allowed = next_contact(
            local,
            self._get_contact_days(local.date()),
            company.dunning_contact_max,
            (company.dunning_contact_from, company.dunning_contact_to),
            alsace_moselle=(self.partner_id.zip or "").startswith(ALSACE_MOSELLE),
        )
        if allowed == local:
            return now
        return zone.localize(allowed).astimezone(pytz.utc).replace(tzinfo=None)

    def _get_contact_days(self, today):
        """Return the days of the last week on which the customer was written to.

        A feature that reaches customers otherwise adds its own contacts.

        :param date today: the day of the question
        :rtype: list of dates
        """
        self.ensure_one()
        notices = self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "sent"),
                ("date", ">", today - timedelta(days=7)),
            ]
        )
        return notices.mapped("date")


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _is_dunning_person(self):
        """Whether the customer is a natural person: a consumer, or nobody's company."""
        self.ensure_one()
        return self.dunning_regime == "b2c" or not self.is_company


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_contact_max = fields.Integer(
        string="Messages a week to a private person",
        default=3,
        help="No text sets a number: repeated and insistent solicitation is what the law punishes "
        "(art. L121-6 of the consumer code). 0: no limit.",
    )
    dunning_contact_from = fields.Integer(string="From (hour)", default=8)
    dunning_contact_to = fields.Integer(string="To (hour)", default=20)

    @api.constrains("dunning_contact_from", "dunning_contact_to", "dunning_contact_max")
    def _check_dunning_contact(self):
        for company in self:
            first, last = company.dunning_contact_from, company.dunning_contact_to
            if not 0 <= first < last <= 24:
                raise ValidationError(
                    self.env._("The hours of the reminders leave no time: correct them (0 to 24).")
                )
            if company.dunning_contact_max < 0:
                raise ValidationError(
                    self.env._("The number of messages a week cannot be negative.")
                )

    def _get_dunning_timezone(self):
        """Return the name of the time zone in which the company writes."""
        self.ensure_one()
        return self.partner_id.tz or "Europe/Paris"


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_contact_max = fields.Integer(related="company_id.dunning_contact_max", readonly=False)
    dunning_contact_from = fields.Integer(related="company_id.dunning_contact_from", readonly=False)
    dunning_contact_to = fields.Integer(related="company_id.dunning_contact_to", readonly=False)
    dunning_registered_provider = fields.Selection(
        related="company_id.dunning_registered_provider", readonly=False
    )
