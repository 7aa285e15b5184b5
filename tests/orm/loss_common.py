"""What the tests of doubtful customers add: the French chart, its taxes, the books by account."""

import base64
import csv
from collections import defaultdict
from io import StringIO

from odoo import Command, fields

from .dunning_common import DunningCommon, day


class LossCommon(DunningCommon):
    """A creditor with the real French chart; entries are returned as ``{code: balance}``."""

    chart_template = "fr"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.tax_exigibility = True
        cls.normal = cls.tax("tva_normale")
        cls.reduced = cls.tax("tva_intermediaire")
        cls.on_payment = cls.tax("tva_normale_encaissement")
        cls.Impairment = cls.env["account.dunning.impairment"]

    @classmethod
    def tax(cls, name):
        template = cls.env["account.chart.template"].with_company(cls.company)
        tax = template.ref(name)
        tax.active = True
        return tax

    @classmethod
    def bill(cls, partner, due, *lines, **values):
        """Post an invoice of ``(net amount, tax)`` lines."""
        return cls.invoice(
            partner,
            due,
            invoice_line_ids=[
                Command.create(
                    {
                        "name": "Goods",
                        "price_unit": amount,
                        "account_id": cls.income.id,
                        "tax_ids": [Command.set(tax.ids)],
                    }
                )
                for amount, tax in lines
            ],
            **values,
        )

    @classmethod
    def pay_on(cls, text, invoice, amount):
        """Record a payment on another day, reconciled with the invoice."""
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create(
            {"journal_id": cls.bank.id, "amount": amount, "payment_date": text}
        )._create_payments()

    def close(self, text, partner=None):
        """Propose a closing; return its records, or that of this customer."""
        records = self.Impairment._close(self.company, day(text))
        return records.filtered(lambda r: r.partner_id == partner) if partner else records

    def book(self, record, **values):
        """Set the values, prepare and post."""
        record.write(values)
        record.action_prepare()
        record.action_post()
        self.assertEqual((record.state, record.problem), ("posted", False))
        return record.entry_id

    def send_duplicate(self, partner):
        """Issue the duplicates of a debt proved lost, or of a liquidation, and send them."""
        reliefs = self.env["account.dunning.vat.relief"]
        record = reliefs.search([("partner_id", "=", partner.id), ("state", "=", "draft")])
        record = record or reliefs.create(
            {
                "partner_id": partner.id,
                "ground": "irrecoverable",
                "event_date": "2026-05-01",
                "proof_ids": [
                    Command.create({"name": "certificat.pdf", "raw": b"%PDF-1.4 certificate"})
                ],
            }
        )
        record.action_issue()
        record.write({"sent_by": "other", "sent_on": "2026-06-01"})
        record.action_sent()
        return record

    def told(self, entry):
        """Return an entry as ``{code: balance}``."""
        sums = defaultdict(float)
        for line in entry.line_ids:
            code = line.account_id.with_company(self.company).code
            sums[code] = round(sums[code] + line.balance, 2)
        return {code: amount for code, amount in sums.items() if amount}

    def balance(self, prefix, partner=None, on=None):
        """Return the balance in the books of the accounts with this code."""
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
                ("account_id.code", "=like", f"{prefix}%"),
                *([("partner_id", "=", partner.id)] if partner else []),
                *([("date", "<=", on)] if on else []),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def fec(self, first="2024-01-01", last="2026-12-31"):
        """Export the FEC with Odoo's own wizard; return ``{class of account: balance}``."""
        wizard = self.env["l10n_fr.fec.export.wizard"].create(
            {"date_from": first, "date_to": last, "test_file": True}  # a real one locks the year
        )
        content = wizard.generate_fec()["file_content"]
        if not isinstance(content, bytes):
            content = content.encode()
        if b"JournalCode" not in content:
            content = base64.b64decode(content)
        sums = defaultdict(float)
        for row in csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter="|"):
            amount = float(row["Debit"].replace(",", ".")) - float(row["Credit"].replace(",", "."))
            sums[row["CompteNum"][:3]] = round(sums[row["CompteNum"][:3]] + amount, 2)
        return sums

    def today(self):
        return fields.Date.context_today(self.env.user)
