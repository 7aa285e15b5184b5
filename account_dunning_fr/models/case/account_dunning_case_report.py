from odoo import api, fields, models
from odoo.tools import format_date

from ..common.letter_formats import format_long_date
from .account_dunning_case_gathering import REPLY

CERFA = {
    "order_commercial": "12946*02",
    "order_judicial": "12948*06",
    "order_protection": "16040*01",
}


class AccountDunningCase(models.Model):
    """What the documents of a file print, in the words and the order of its readers."""

    _inherit = "account.dunning.case"

    def _get_cerfa(self):
        """Return the number of the form that asks the same as the request, or an empty string."""
        self.ensure_one()
        return CERFA.get(self.route, "")

    def _get_next_day(self):
        """Return the first day of the interest to come."""
        self.ensure_one()
        return fields.Date.add(self.date, days=1)

    def _get_account_balances(self, rows):
        """Return the last balance of the statement of account, by currency."""
        return list({row["currency"]: row["balance"] for row in rows}.items())

    def _get_account_bridge(self, rows):
        """Return what separates the principal claimed from the balance of the books, in euros."""
        balance = dict(self._get_account_balances(rows)).get(self.currency_id, 0.0)
        return self.currency_id.round(self.amount_principal - balance)

    def _get_mandate_text(self):
        """Return what the agent is to do, in a sentence: what was chosen, by the route."""
        self.ensure_one()
        if self.mandate_scope == "amicable":
            return self.env._("recover the claim amicably, without any judicial step.")
        if self.mandate_scope == "service":
            return self.env._("serve the order, and execute it once it is enforceable.")
        if self.mandate_scope == "all":
            return self.env._("take every useful step, amicable or judicial, to recover the claim.")
        if self.route == "declaration":
            return self.env._("declare the claim in the insolvency proceedings and follow it.")
        if self.is_order or self.route == "european" or not self.route:
            return self.env._(
                "obtain the order to pay, have it served, and execute it once it is enforceable."
            )
        return self.env._(
            "bring the claim by the way chosen (%s), have the decision served, and execute it once "
            "it is enforceable.",
            dict(self._fields["route"]._description_selection(self.env))[self.route],
        )

    def _get_mandate_power(self):
        """Return the power that goes with the task, and nothing beyond it.

        An amicable mandate signs and files nothing; a request is filed by any agent (CPC 1407), a
        hearing above 10,000 euros is a lawyer's (CPC 761, 853), a claim is declared under a special
        power (C. com. L. 622-24).
        """
        self.ensure_one()
        receive = self.env._("Power is given to receive the sums paid.")
        if self.mandate_scope == "amicable":
            return self.env._(
                "%s This mandate gives no power to act before a court, nor to have anything served "
                "or executed.",
                receive,
            )
        if self.mandate_scope == "service":
            return self.env._(
                "Power is given to have the order served and executed, and to receive the sums "
                "paid. None is given to start other proceedings."
            )
        filing = self.env._(
            "Power is given to sign and file the request for an order to pay, to receive the "
            "order, to have it served and executed, and to receive the sums paid."
        )
        if self.route == "declaration":
            return self.env._(
                "Special power is given to declare the claim to the representative of the "
                "creditors, to certify it sincere, and to receive the dividends."
            )
        if self.mandate_scope == "order" and (
            self.is_order or self.route == "european" or not self.route
        ):
            return filing
        hearing = self.env._(
            "Power is given to bring the claim before the court, by a lawyer where one is "
            "compulsory, to have the decision served and executed, and to receive the sums paid."
        )
        return f"{filing} {hearing}" if self.mandate_scope == "all" and self.is_order else hearing

    def _get_claimed_elements(self):
        """Return the elements that are not zero, and always the principal."""
        self.ensure_one()
        elements = self._get_elements()
        return [elements[0], *(element for element in elements[1:] if element[1])]

    def _get_indemnity_count(self, sections):
        """Return how many flat indemnities are claimed."""
        return len([section for section in sections if section.indemnity_claimed])

    def _get_bases(self, sections):
        """Return how interest goes on after the date of the sums, by basis of the rate.

        :return: list of dicts ``label``, ``names`` of the invoices, ``rate`` on that day, ``a_day``
            and ``currency``
        """
        bases = {}
        for section in sections:
            if not section.segments or not section.principal_left:
                continue
            currency = section.item.currency_id
            basis = bases.setdefault(
                (section.label, section.annual_rate, currency),
                {
                    "label": section.label,
                    "rate": float(section.annual_rate),
                    "currency": currency,
                    "names": [],
                    "a_day": 0.0,
                },
            )
            basis["names"].append(section.item.move_id.name)
            basis["a_day"] = currency.round(basis["a_day"] + float(section.a_day))
        return list(bases.values())

    def _get_piece_numbers(self, category=None, **values):
        """Return the numbers of the pieces of a category, or of a record, as a text."""
        pieces = self._get_included_pieces()
        if category:
            pieces = pieces.filtered(lambda piece: piece.category == category)
        for name, record in values.items():
            pieces = pieces.filtered(lambda piece, n=name, r=record: piece[n] == r)
        return ", ".join(str(piece.number) for piece in pieces)

    def _get_reminder_rows(self):
        """Return the messages sent, with the pieces that prove them."""
        return [
            {
                "date": notice.date,
                "level": notice.level_name,
                "channels": notice._get_reached_channels(),
                "deadline": notice.deadline,
                "pieces": self._get_piece_numbers(notice_id=notice),
            }
            for notice in self._get_notices()
        ]

    def _get_chronology_rows(self):
        """Return what happened, the oldest first, with the numbers of the pieces.

        What the chronology of the customer does not tell itself (invoices, due dates, payments) is
        added from the items of the file.
        """
        events = self.env["account.dunning.chronology"]._get_events(
            self.partner_id, self.company_id, self.move_ids, until=self.date
        )
        events = [event for event in events if event.kind != "case"]
        pieces = self._get_included_pieces()
        rows = [
            {
                "date": event.on,
                "title": event.title,
                "detail": event.detail,
                "amount": event.amount,
                "currency": event.currency,
                "pieces": self._get_event_pieces(event, pieces),
            }
            for event in events
        ]
        told = {event.kind for event in events}
        if not told & {"invoice", "payment", "due"}:
            rows += self._get_ledger_rows()
        return sorted(rows, key=lambda row: row["date"])

    @api.model
    def _get_event_pieces(self, event, pieces):
        """Return the numbers of the pieces that prove an event, as a text."""
        if event.kind == "email_in":
            proving = pieces.filtered(
                lambda piece: (piece.key or "").startswith(REPLY) and piece.date == event.on
            )
        elif event.record and event.record._name == "account.dunning.notice":
            proving = pieces.filtered(lambda piece: piece.notice_id == event.record)
        elif event.proofs:
            proving = pieces.filtered(lambda piece: piece.attachment_id in event.proofs)
        else:
            return ""
        return ", ".join(str(piece.number) for piece in proving)

    def _get_ledger_rows(self):
        rows = []
        for item in self.item_ids:
            issued = {
                "title": self.env._("Invoice %s", item.invoice_name),
                "detail": self.env._("Due on %s", format_date(self.env, item.date_maturity)),
                "amount": item.amount_total,
                "currency": item.currency_id,
                "pieces": self._get_piece_numbers("invoice", move_id=item.move_id),
            }
            rows.append({"date": item.invoice_date, **issued})
        rows += [
            {
                "date": row["date"],
                "title": row["label"],
                "detail": "",
                "amount": row["credit"],
                "currency": row["currency"],
                "pieces": "",
            }
            for row in self._get_account_rows()
            if row["credit"]
        ]
        return rows

    def _format_long_date(self, day):
        """Return a date with its month in letters."""
        return format_long_date(self.env, day)

    @api.model
    def _format_address(self, partner):
        """Return an address in one line, post code before the town; a foreign country last."""
        address = ", ".join(filter(None, [partner.street, partner.street2]))
        place = " ".join(filter(None, [partner.zip, partner.city]))
        country = partner.country_id
        return ", ".join(
            filter(None, [address, place, country.name if country.code != "FR" else ""])
        )

    def _get_identity_rows(self, partner, company=None):
        """Return who a party is, as the form asks it: list of ``(label, value)``."""
        rows = [
            (
                self.env._("Company name")
                if company or partner.is_company
                else self.env._("Surname and first names"),
                partner.name,
            ),
            (
                self.env._("Legal form"),
                (company and company.dunning_legal_form) or partner.dunning_legal_form,
            ),
        ]
        if company and company.dunning_share_capital:
            rows.append((self.env._("Share capital"), company.dunning_share_capital))
        rows += [
            (self.env._("SIREN"), partner._get_dunning_siren_text()),
            (self.env._("Registry of commerce"), company and company.dunning_rcs_city),
            (
                self.env._("Registered office")
                if company or partner.is_company
                else self.env._("Domicile"),
                self._format_address(partner),
            ),
            (self.env._("Represented by"), company and company.dunning_representative),
            (self.env._("E-mail"), partner.email),
            (self.env._("Phone"), partner.phone),
        ]
        return [(label, value) for label, value in rows if value]
