from dataclasses import dataclass, field

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount, format_date, html2plaintext

from .account_dunning_facts import BILLING
from .creditors_day import creditors_day
from .marks import collect, tells_buttons

SHOWN_EVENTS = 200  # the latest ones; the chronology has them all
SHOWN_NOTES = 20
NOTE_LENGTH = 2000


@dataclass(frozen=True)
class CustomerButton:
    """A one-click action of the page of a customer.

    :param name: method of ``res.partner``
    :param label: label of the button
    :param hotkey: letter of its keyboard shortcut
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
    """A part of the page of a customer: rows under a title; not shown without rows.

    ``rows`` are results of ``_prepare_row``. ``place`` is ``side`` (a card), ``items`` (the table
    of due items), ``figures`` or ``next`` (what happens next).
    """

    key: str
    title: str
    rows: list[dict]
    place: str = "side"
    sequence: int = 100
    buttons: list[dict] = field(default_factory=list)


class AccountDunningCustomer(models.AbstractModel):
    """The page of a customer to work from: what is owed, why it is (not) chased, what happened.

    A room adds to it by extending this model with methods that take ``(partner, creditors,
    today)``: marked ``@tells`` they return parts, marked ``@tells_buttons`` the buttons that the
    user may press. Everything is read with the user's rights.
    """

    _name = "account.dunning.customer"
    _description = "Page of a Customer"

    @api.model
    def get_page(self, partner_id):
        """Return the page of a customer, ready to be displayed.

        :param int partner_id: the customer, or one of its contacts
        :return: dict: ``name``, ``buttons``, ``parts`` by place, ``events`` (newest first),
            ``may_note``
        :raise AccessError: unless the user may read the books and this customer
        :raise UserError: if it is no customer
        """
        partner = self._get_customer(partner_id)
        today = creditors_day(self)
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
        """Return the customer of a page, if the user may read it.

        :raise AccessError: unless the user may read the books and this customer
        :raise UserError: if it is no customer
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
        """Add a note on a customer for colleagues: it is no evidence, and is sent to nobody.

        Whoever works with customers may note what they say, even without the right to edit
        contacts.

        :param int partner_id: the customer, or one of its contacts
        :param str text: plain text
        :raise AccessError: unless the user is in billing and may read this customer
        :raise UserError: if the text is empty, or too long
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

        :param str title: title of the row
        :param record: opened by a click
        :param values: ``detail``, ``value`` (on the right), ``tone``, ``phone``, ``email``, and the
            further columns of the table of items: ``due``, ``late``, ``level``, ``why``
        """
        opened = {"model": record._name, "id": record.id} if record else {"model": "", "id": 0}
        return {"title": title, "detail": "", "value": "", "tone": "", **opened, **values}

    @api.model
    def _get_ours(self, partner, creditors):
        """Return the domain of these creditors' records about the customer."""
        return [("partner_id", "=", partner.id), ("company_id", "in", creditors.ids)]

    # -- History -----------------------------------------------------------------------------------

    @api.model
    def _get_events(self, partner, creditors):
        """Return the events and notes about the customer, newest first."""
        told = [
            self._show_event(event)
            for creditor in creditors
            for event in self._read_chronology(partner, creditor)
        ]
        told += self._get_notes(partner)
        return sorted(told, key=lambda event: event["on"], reverse=True)[:SHOWN_EVENTS]

    @api.model
    def _read_chronology(self, partner, creditor):
        """Return the events, without those of creditors whose books the user may not fully read."""
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
        """Return the notes of users about the customer: for users only, and no evidence."""
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
        """Return buttons if the user may press them.

        :param str group: external id of the group
        """
        return list(buttons) if self.env.user.has_group(group) else []
