from dataclasses import dataclass, field

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount, format_date, html2plaintext

from .account_dunning_facts import BILLING
from .sources import collect, tells_buttons

SHOWN_EVENTS = 200  # the newest ones; the chronology has them all
SHOWN_NOTES = 20
NOTE_LENGTH = 2000


@dataclass(frozen=True)
class CustomerButton:
    """What one click does from the page of a customer.

    :param name: method of ``res.partner``
    :param label: as it is read on the button
    :param hotkey: letter with which the keyboard reaches it
    """

    name: str
    label: str
    icon: str = ""
    hotkey: str = ""
    help: str = ""
    primary: bool = False
    sequence: int = 100


@dataclass(frozen=True)
class CustomerPart:
    """A part of the page of a customer: rows under a title; without rows it is not shown.

    ``rows`` are dicts as ``_prepare_row`` gives them. ``place`` is ``side`` (a card), ``items``
    (the table of what he owes), ``figures`` or ``next`` (what happens next).
    """

    key: str
    title: str
    rows: list[dict]
    place: str = "side"
    sequence: int = 100
    buttons: list[dict] = field(default_factory=list)


class AccountDunningCustomer(models.AbstractModel):
    """The page of a customer to work from: what he owes and why (not) chased, what happened.

    A room adds to it by extending this model with methods that take
    ``(partner, creditors, today)``: under ``@tells`` they return parts, under ``@tells_buttons``
    the buttons that the user may press. Everything is read with the rights of the user.
    """

    _name = "account.dunning.customer"
    _description = "Page of a Customer"

    @api.model
    def get_page(self, partner_id):
        """Return the page of a customer, ready to be shown.

        :param int partner_id: the customer, or a contact of it
        :return: dict: ``name``, ``buttons``, ``parts`` by place, ``events`` (newest first),
            ``may_note``
        :raise AccessError: unless the user reads the books and this customer
        :raise UserError: no customer
        """
        partner = self._get_customer(partner_id)
        today = fields.Date.context_today(self)
        creditors = self.env.companies.dunning_creditor_id
        parts = collect(self, "", partner, creditors, today)
        shown = sorted((part for part in parts if part.rows), key=lambda part: part.sequence)
        return {
            "id": partner.id,
            "name": partner.display_name,
            "company": ", ".join(creditors.mapped("name")) if len(creditors) > 1 else "",
            "buttons": self._get_buttons(partner, creditors, today),
            "parts": {
                place: [self._show_part(part) for part in shown if part.place == place]
                for place in ("figures", "next", "items", "side")
            },
            "events": self._get_events(partner, creditors),
            "may_note": self.env.user.has_group(BILLING),
        }

    @api.model
    def _get_customer(self, partner_id):
        """Return the customer of a page, whom the user may read.

        :raise AccessError: unless the user reads the books and this customer
        :raise UserError: no customer
        """
        self.env["account.move"].check_access("read")
        if not isinstance(partner_id, int):
            raise UserError(self.env._("There is no such page."))
        partner = self.env["res.partner"].browse(partner_id).exists().commercial_partner_id
        if not partner:
            raise UserError(self.env._("There is no such page."))
        partner.check_access("read")
        return partner

    @api.model
    def add_note(self, partner_id, text):
        """Note something on a customer for colleagues: it is in no evidence, and goes to nobody.

        Whoever works on customers notes what they say, whether or not he may change their contact.

        :param int partner_id: the customer, or a contact of it
        :param str text: plain text
        :raise AccessError: unless the user is in billing and reads this customer
        :raise UserError: nothing is written, or too much
        """
        partner = self._get_customer(partner_id)
        if not self.env.user.has_group(BILLING):
            raise AccessError(self.env._("Only billing users note something on a customer."))
        if not isinstance(text, str) or not text.strip() or len(text) > NOTE_LENGTH:
            raise UserError(self.env._("Write a note of %s characters at most.", NOTE_LENGTH))
        partner.sudo().message_post(
            body=text.strip(),
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            author_id=self.env.user.partner_id.id,
        )

    @api.model
    def _get_buttons(self, partner, creditors, today):
        buttons = collect(self, "buttons", partner, creditors, today)
        return [
            {
                "name": button.name,
                "label": button.label,
                "icon": button.icon,
                "hotkey": button.hotkey,
                "help": button.help,
                "primary": button.primary,
            }
            for button in sorted(buttons, key=lambda button: button.sequence)
        ]

    @api.model
    def _show_part(self, part):
        return {
            "key": part.key,
            "title": part.title,
            "rows": part.rows,
            "buttons": part.buttons,
        }

    @api.model
    def _prepare_row(self, title, *, record=None, **values):
        """Return a row of a part.

        :param str title: what it is about
        :param record: what a click opens
        :param values: ``detail``, ``value`` (on the right), ``tone``, ``phone``, ``email``, and
            what the table of the items has beside: ``due``, ``late``, ``level``, ``why``
        """
        opened = {"model": record._name, "id": record.id} if record else {"model": "", "id": 0}
        return {"title": title, "detail": "", "value": "", "tone": "", **opened, **values}

    @api.model
    def _get_ours(self, partner, creditors):
        """Return the domain of what these creditors keep on the customer."""
        return [("partner_id", "=", partner.id), ("company_id", "in", creditors.ids)]

    # -- History -----------------------------------------------------------------------------------

    @api.model
    def _get_events(self, partner, creditors):
        """Return what happened with the customer and what was noted of him, the newest first."""
        told = [
            self._show_event(event)
            for creditor in creditors
            for event in self._read_chronology(partner, creditor)
        ]
        told += self._get_notes(partner)
        return sorted(told, key=lambda event: event["on"], reverse=True)[:SHOWN_EVENTS]

    @api.model
    def _read_chronology(self, partner, creditor):
        """Return the events; none of a creditor whose books the user may not read in full."""
        try:
            return self.env["account.dunning.chronology"]._get_events(partner, creditor)
        except AccessError:
            return []

    @api.model
    def _show_event(self, event):
        amount = ""
        if event.amount is not None and event.currency:
            amount = format_amount(self.env, event.amount, event.currency)
        proofs = event.proofs or self.env["ir.attachment"]
        return {
            "on": fields.Date.to_string(event.on),
            "date": format_date(self.env, event.on),
            "kind": event.kind,
            "title": event.title,
            "detail": event.detail or "",
            "amount": amount,
            "model": event.record._name,
            "id": event.record.id,
            "proofs": [{"id": proof.id, "name": proof.sudo().name} for proof in proofs],
        }

    @api.model
    def _get_notes(self, partner):
        """Return what users noted on the customer: for them alone, and in no evidence."""
        internal = partner.message_ids.filtered(
            lambda message: message.message_type == "comment" and message.subtype_id.internal
        )
        return [
            {
                "on": fields.Date.to_string(on),
                "date": format_date(self.env, on),
                "kind": "note",
                "title": html2plaintext(message.body).strip(),
                "detail": message.author_id.name or "",
                "amount": "",
                "model": "",
                "id": 0,
                "proofs": [],
            }
            for message in internal[:SHOWN_NOTES]
            if (on := fields.Datetime.context_timestamp(message, message.date).date())
        ]

    # -- This room's own parts ---------------------------------------------------------------------

    @api.model
    @tells_buttons
    def _get_statement_buttons(self, partner, creditors, today):
        return self._offer(
            BILLING,
            CustomerButton(
                "action_dunning_account_statement",
                self.env._("Statement of account"),
                icon="fa-file-text-o",
                hotkey="e",
                sequence=60,
            ),
        )

    @api.model
    def _offer(self, group, *buttons):
        """Return buttons to whoever may press them.

        :param str group: external id of the group
        """
        return list(buttons) if self.env.user.has_group(group) else []
