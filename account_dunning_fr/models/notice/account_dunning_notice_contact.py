from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_datetime


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
        partner = self.partner_id
        return partner.sudo()._get_dunning_next_contacts(self.company_id, now)[partner.id]


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_contact_max = fields.Integer(
        string="Contacts a week with a private person",
        default=3,
        help="Messages, and calls that reached the person or left a message. No text sets a "
        "number: repeated and insistent solicitation is what the law punishes (art. L. 121-6 of "
        "the consumer code). 0: no limit.",
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
                    self.env._("The number of contacts a week cannot be negative.")
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
