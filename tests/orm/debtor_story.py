"""One customer of the demonstration from trust to liquidation, on fixed days in the past.

What he owes is not data: the addon does each step on its day, as the office would have requested.
The resulting entries were computed by hand beforehand (``ENTRIES``; the steps are in
``docs/guide.md``), and a demonstration whose books differ is refused.
"""

import csv
import json
from collections import Counter
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path

from freezegun import freeze_time
from reportlab.pdfgen.canvas import Canvas

from odoo import Command, fields

ENTRIES = Path(__file__).parent / "data" / "debtor_entries.csv"
LETTERS = ("registered", "formal_notice")
REMINDED_ON = ("2024-02-19", "2024-03-11", "2024-03-25", "2024-04-08")
# How the BODACC's open data would have shown the judgment; the court and the numbers are invented.
NOTICE = {
    "id": "A202400990001",
    "familleavis": "collective",
    "typeavis": "annonce",
    "dateparution": "2024-06-21",
    "tribunal": "Tribunal de commerce de l’Exemple",
    "jugement": json.dumps(
        {
            "famille": "Jugement d'ouverture",
            "nature": "Jugement d'ouverture d'une procédure de redressement judiciaire",
            "date": "11 juin 2024",
        }
    ),
    "listepersonnes": json.dumps({"personne": {"typePersonne": "pm"}}),
}


class Debtor:
    """``Debtor(env, company, partner, user).play()``: what the office did about one customer.

    :param env: superuser's environment
    :param company: the creditor, with a French chart of accounts
    :param partner: the customer, a professional with a SIREN, who owes nothing yet
    :param user: who does the work
    :param people: ``{"representative": …, "liquidator": …}``, ``res.partner`` records
    :param bool printed: whether the invoices are printed as when they were sent
    """

    def __init__(self, env, company, partner, user, people, *, printed=False):
        context = {**env.context, "lang": "fr_FR", "allowed_company_ids": company.ids}
        self.env = env(su=True, context={**context, "mail_notify_force_send": False})
        self.company, self.partner = company.with_env(self.env), partner.with_env(self.env)
        self.user, self.people, self.printed = user, people, printed
        self.invoices = {}

    def play(self) -> None:
        """Do each step on its day."""
        with freeze_time() as clock:  # once: it goes through all imported modules
            for day, act in sorted(self.get_acts(), key=lambda step: step[0]):
                clock.move_to(datetime.combine(date.fromisoformat(day), time(9)))
                act()
                self.env.flush_all()
                self.env.invalidate_all()  # no day relies on values cached by another

    def get_acts(self):
        """Return what was done: ``(day, method)``, in order within a day."""
        return [
            ("2023-09-01", lambda: self._invoice("trust 1", "2023-09-29", ("Étagère", 500, 20))),
            ("2023-09-29", lambda: self._pay("trust 1", 600)),
            ("2023-10-02", lambda: self._invoice("trust 2", "2023-10-31", ("Étagère", 500, 20))),
            ("2023-10-31", lambda: self._pay("trust 2", 600)),
            ("2023-11-02", lambda: self._invoice("trust 3", "2023-11-30", ("Étagère", 500, 20))),
            ("2023-11-30", lambda: self._pay("trust 3", 600)),
            ("2023-12-11", self._trust),
            ("2024-01-15", lambda: self._invoice("A", "2024-02-14", ("Présentoirs", 2000, 20))),
            (
                "2024-02-05",
                lambda: self._invoice(
                    "B", "2024-03-06", ("Étagères de séchage", 1000, 20), ("Pose", 300, 10)
                ),
            ),
            ("2024-03-04", lambda: self._pay("A", 900)),
            *((day, self._remind) for day in REMINDED_ON),
            ("2024-05-13", self._receive_receipts),
            ("2024-05-31", self._book_penalties),
            ("2024-06-24", self._read_register),
            ("2024-07-08", self._declare),
            ("2025-01-13", lambda: self._close("2024-12-31")),
            ("2025-02-10", lambda: self._step("admitted", amount=3244.87)),
            ("2025-03-17", self._adopt_plan),
            ("2025-06-30", lambda: self._pay("A", 324.49)),
            ("2026-01-12", lambda: self._close("2025-12-31", treatment="provision", rate=75)),
            ("2026-02-03", self._convert),
            ("2026-02-16", self._issue_duplicate),
            ("2026-02-17", self._send_duplicate),
            ("2026-03-02", lambda: self._get_relief().action_book()),
            ("2026-06-01", self._lose),
            ("2026-09-14", self._receive),
            ("2026-10-01", lambda: self._close("2026-09-30")),
            ("2026-10-01", lambda: self._get_relief().action_book()),
        ]

    # -- Trust, invoices, payments -----------------------------------------------------------------

    def _tax(self, percent):
        name = {20: "tva_normale", 10: "tva_intermediaire"}[percent]
        tax = self.env["account.chart.template"].with_company(self.company).ref(name)
        tax.active = True
        return tax

    def _invoice(self, name, due, *lines):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "company_id": self.company.id,
                "partner_id": self.partner.id,
                "invoice_date": fields.Date.context_today(self.partner),
                "invoice_payment_term_id": False,
                "invoice_date_due": due,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": label,
                            "price_unit": amount,
                            "tax_ids": [Command.set(self._tax(percent).ids)],
                        }
                    )
                    for label, amount, percent in lines
                ],
            }
        )
        move.action_post()
        self.invoices[name] = move
        if self.printed:
            self.env["account.move.send"]._generate_and_send_invoices(move, sending_methods=[])

    def _pay(self, name, amount):
        pay(self.invoices[name], amount)

    def _trust(self):
        """Rate the customer by his payments, grant him a limit, and record why."""
        today = fields.Date.context_today(self.partner)
        risks = self.env["account.dunning.risk"]
        risks._review(self.company, today, self.partner.ids)
        risk = risks.search([("partner_id", "=", self.partner.id)])
        risk.with_user(self.user).sudo().write({"limit_asked": 8000, "limit_granted": 5000})
        self.env["account.dunning.check"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.partner.id,
                "on": today,
                "kind": "solvency",
                "source_name": "Grand livre et extrait Kbis",
                "result": f"Classe {risk.letter} – {risk.reason_text}\nPlafond accordé : 5 000 €",
                "valid_until": "2024-12-11",
                "file": self._paper("Extrait Kbis de la société"),
                "file_name": "Kbis.pdf",
            }
        )

    # -- Reminders, formal notice, penalties -------------------------------------------------------

    def _get_notices(self, *domain):
        notices = self.env["account.dunning.notice"].with_user(self.user).sudo()
        return notices.search([("partner_id", "=", self.partner.id), *domain])

    def _remind(self):
        """Send what the policy says today; letters are confirmed, printed and posted at once."""
        self._receive_receipts()
        self.env["account.dunning.notice.draft"]._follow_plan(self.company, partners=self.partner)
        drafts = self._get_notices(("state", "=", "draft"), ("kind", "in", LETTERS))
        drafts.action_confirm()
        ready = self._get_notices(("state", "=", "ready"), ("send_email", "=", True))
        ready._send_locked(fields.Date.context_today(self.partner))
        posted = self._get_notices(("state", "!=", "cancelled"), ("to_post", "=", True)) | drafts
        if posted:
            posted.action_print()
            posted.action_mark_posted()
        for letter in posted.registered_ids.filtered(lambda letter: not letter.number):
            letter.number = f"1A{99480000000 + letter.id}"
            letter.deposit_ids = self._proof(letter, "Preuve de dépôt")
        calls = self.env["account.dunning.call"].search(
            [("partner_id", "=", self.partner.id), ("state", "=", "todo")]
        )
        for call in calls.with_user(self.user).sudo():
            call._record("message", "Standard", "Message laissé au service comptable")
        self.env["mail.mail"].search([("state", "=", "outgoing")]).write({"state": "sent"})

    def _receive_receipts(self):
        """File the receipts returned for letters posted earlier."""
        today = fields.Date.context_today(self.partner)
        letters = self._get_notices(("posted_on", "<", today)).registered_ids
        for letter in letters.filtered(lambda letter: letter.posted_on and not letter.delivered_on):
            letter.write({"presented_on": today, "delivered_on": today})
            letter.receipt_ids = self._proof(letter, "Avis de réception")

    def _book_penalties(self):
        today = fields.Date.context_today(self.partner)
        booked = self.env["account.dunning.penalty"]._run(
            self.company, today, self.partner, force=True
        )
        self._post(booked["entries"])._document_dunning_penalties()

    def _post(self, entries):
        """Post the penalty entries, if the company does not have that done automatically."""
        entries.filtered(lambda entry: entry.state == "draft").action_post()
        return entries

    # -- The proceedings ---------------------------------------------------------------------------

    def _read_register(self):
        """Read the register's file of the day: it suspends dunning, and a person confirms."""
        from odoo.addons.account_dunning_fr.core.register_files import read_notices

        told = {**NOTICE, "registre": [self.partner.dunning_siren]}
        reading = read_notices(json.dumps([told]))
        self.env["account.dunning.check"]._import(reading.notices, self.company, "file")
        record = self._get_insolvency()
        record.action_confirm()
        record.representative_id = self.people["representative"]

    def _get_insolvency(self):
        return self.env["account.dunning.insolvency"].search([("partner_id", "=", self.partner.id)])

    def _declare(self):
        """Send the declaration of the claim, and store it as sent."""
        record = self._get_insolvency()
        printer = self.env["ir.actions.report"]
        content, _kind = printer._render_qweb_pdf(
            "account_dunning_fr.report_claim_declaration", record.ids
        )
        self._attach(record, "Déclaration de créance", content)
        record.registered_number = "1A 994 800 0001 0"
        record.action_declared()
        self._attach(record, "Avis de réception 1A 994 800 0001 0")

    def _step(self, kind, **values):
        record = self._get_insolvency()
        self.env["account.dunning.insolvency.step"].create(
            {"insolvency_id": record.id, "kind": kind, **values}
        )
        return record

    def _adopt_plan(self):
        record = self._step("plan", note="Plan de redressement : 50 % en cinq ans")
        record.write({"plan_first_on": "2025-06-30", "plan_years": 5, "plan_percent": 50})
        record.action_compute_dividends()

    def _convert(self):
        self._step(
            "liquidation",
            by_id=self.people["liquidator"].id,
            note="Résolution du plan et liquidation judiciaire",
            file=self._paper("Jugement de liquidation judiciaire"),
            file_name="Jugement.pdf",
        )

    # -- Closings, VAT, loss -----------------------------------------------------------------------

    def _close(self, day, **choice):
        """Propose a closing of this customer, choose the treatment, book it."""
        record = self.env["account.dunning.impairment"]._close(
            self.company, date.fromisoformat(day), self.partner
        )
        record = record.filtered(lambda each: each.state == "proposed")
        record.write(choice)
        record.action_prepare()
        record.action_post()
        if record.problem or record.state != "posted":
            raise RuntimeError(f"closing of {day}: {record.problem or record.state}")

    def _get_relief(self):
        return self.env["account.dunning.vat.relief"].search([("partner_id", "=", self.partner.id)])

    def _issue_duplicate(self):
        record = self.env["account.dunning.vat.relief"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.partner.id,
                "event_date": "2026-02-03",
                "insolvency_id": self._get_insolvency().id,
            }
        )
        record.proof_ids = self._attach(record, "Jugement de liquidation judiciaire")
        record.action_issue()

    def _send_duplicate(self):
        record, today = self._get_relief(), fields.Date.context_today(self.partner)
        number = "1A 994 800 0002 7"
        record.write({"sent_by": "registered", "sent_on": today, "sent_number": number})
        record.proof_ids |= self._attach(record, f"Preuve de dépôt {number}")
        record.action_sent()

    def _lose(self):
        """Book the loss on the liquidator's certificate; the penalties are waived."""
        today = fields.Date.context_today(self.partner)
        reason = "Certificat d’irrécouvrabilité du liquidateur, du 18/05/2026"
        penalties = self.env["account.dunning.penalty"]._compute(self.company, today, self.partner)
        penalties._waive(reason)
        self._post(penalties._book_all(today, force=True)["entries"])
        self._close("2026-05-31", treatment="loss", evidence=reason)

    def _receive(self):
        """Record the small dividend from the liquidator: no invoice is open any more."""
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner.id,
                "journal_id": journal.id,
                "amount": 120,
                "memo": "Répartition du liquidateur",
            }
        )
        payment.action_post()

    # -- Papers ------------------------------------------------------------------------------------

    def _paper(self, title):
        return self._attach(None, title).datas

    def _proof(self, letter, title):
        today = fields.Date.context_today(self.partner)
        return self._attach(letter, f"{title} {letter.number} {today:%d-%m-%Y}")

    def _attach(self, record, title, content=None):
        vals = {
            "name": f"{title}.pdf",
            "raw": content or paper(title),
            "mimetype": "application/pdf",
        }
        if record is not None and record._name != "account.dunning.registered":
            vals |= {"res_model": record._name, "res_id": record.id}
        return self.env["ir.attachment"].create(vals)


def paper(*lines) -> bytes:
    """Return a page that represents a paper document, and says so."""
    stream = BytesIO()
    page = Canvas(stream, invariant=True)
    for number, line in enumerate((*lines, "Document de démonstration, sans valeur")):
        page.drawString(70, 750 - 24 * number, line)
    page.save()
    return stream.getvalue()


def pay(invoice, amount) -> None:
    """Record a transfer from the customer, and allocate it to the invoice."""
    context = {"active_model": "account.move", "active_ids": invoice.ids}
    wizard = invoice.env["account.payment.register"].with_context(**context)
    vals = {"amount": amount, "payment_difference_handling": "open"}
    wizard.create(vals)._create_payments()


# -- What the books say about him, and what they should --------------------------------------------


def read_books(company, partner) -> Counter:
    """Return the customer's posted lines except those of the bank: day, code, debit, credit."""
    lines = (
        partner.env["account.move.line"]
        .sudo()
        .search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.id),
                ("parent_state", "=", "posted"),
            ]
        )
    )
    rows = (
        (
            str(line.date),
            line.account_id.with_company(company).code,
            f"{line.debit:.2f}",
            f"{line.credit:.2f}",
        )
        for line in lines
    )
    return Counter(row for row in rows if not row[1].startswith("5"))


def read_expected() -> Counter:
    """Return the lines computed by hand, in the form of ``read_books``."""
    with ENTRIES.open(encoding="utf-8", newline="") as file:
        return Counter(
            (row["date"], row["account"], row["debit"], row["credit"])
            for row in csv.DictReader(file)
        )


def check_books(company, partner) -> None:
    """:raise RuntimeError: if the books differ from the computation by hand, saying where"""
    found, expected = read_books(company, partner), read_expected()
    if found != expected:
        missing, beyond = sorted(expected - found), sorted(found - expected)
        raise RuntimeError(f"not in the books: {missing}; in the books alone: {beyond}")
