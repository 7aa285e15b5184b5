import csv
import json
from io import StringIO

from odoo import api, models

from ...core.seals import sha256

SCHEMA = "account_dunning_fr/dossier"
SCHEMA_VERSION = "1.2"
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")  # also as wide as a Chinese character


class AccountDunningCase(models.Model):
    """The parties and the sums of a file as data: CSV for a spreadsheet, JSON for a program."""

    _inherit = "account.dunning.case"

    def _make_csv(self):
        """Return the statement as CSV (semicolons, UTF-8 with its mark, for a French Excel)."""
        stream = StringIO()
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(
            [
                self.env._("Invoice"),
                self.env._("Invoice date"),
                self.env._("Due date"),
                self.env._("Currency"),
                self.env._("From"),
                self.env._("To"),
                self.env._("Days"),
                self.env._("Base"),
                self.env._("Rate (% a year)"),
                self.env._("Interest"),
            ]
        )
        for section in self._get_sections():
            item = section["item"]
            for segment in section["segments"]:
                writer.writerow(
                    [
                        self._guard(item.move_id.name),
                        item.move_id.invoice_date or item.date,
                        item.date_maturity,
                        item.currency_id.name,
                        segment.start,
                        segment.end,
                        segment.days,
                        *(
                            str(value).replace(".", ",")
                            for value in (segment.base, segment.annual_rate, segment.interest)
                        ),
                    ]
                )
        return ("\ufeff" + stream.getvalue()).encode()

    @api.model
    def _guard(self, text):
        """Return a text that a spreadsheet never takes for a formula."""
        text = text or ""
        return f"'{text}" if text.startswith(FORMULA_STARTS) else text

    def _make_json(self, named):
        """Return parties, sums and pieces as JSON, by the schema of docs/dossier-schema.md."""
        document = {
            "schema": SCHEMA,
            "version": SCHEMA_VERSION,
            "reference": self.name,
            "date": str(self.date),
            "route": self.route or None,
            "court": (self.court_id and {"code": self.court_id.code, "name": self.court_id.name})
            or None,
            "creditor": self._get_creditor_data(),
            "debtor": self._get_debtor_data(),
            "claim": self._get_claim_data(),
            "instructions": self._get_instruction_data(),
            "pieces": [
                {
                    "number": piece.number,
                    "category": piece.category,
                    "name": piece.name,
                    "date": (piece.date and str(piece.date)) or None,
                    "file": name,
                    "pages": piece.page_count or None,
                    "scan": piece.is_scan,
                    "outlined": piece.is_outlined,
                    "problem": piece.problem or None,
                    "sha256": sha256(content),
                }
                for piece, name, content in named
            ],
        }
        text = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True)
        return f"{text}\n".encode()

    @api.model
    def _get_address_data(self, partner):
        return {
            "street": partner.street or None,
            "street2": partner.street2 or None,
            "zip": partner.zip or None,
            "city": partner.city or None,
            "country": partner.country_id.code or None,
        }

    def _get_creditor_data(self):
        company = self.company_id
        bank = self._get_bank_account()
        return {
            "name": company.name,
            "legal_form": company.dunning_legal_form or None,
            "share_capital": f"{company.dunning_share_capital:.2f}"
            if company.dunning_share_capital
            else None,
            "siren": company.partner_id._get_dunning_siren() or None,
            "rcs": company.dunning_rcs_city or None,
            "representative": company.dunning_representative or None,
            "address": self._get_address_data(company.partner_id),
            "email": company.email or None,
            "phone": company.phone or None,
            "iban": bank.acc_number.replace(" ", "") if bank.acc_number else None,
        }

    def _get_debtor_data(self):
        partner = self.partner_id
        return {
            "name": partner.name,
            "kind": partner.dunning_regime or None,
            "legal_form": partner.dunning_legal_form or None,
            "siren": partner._get_dunning_siren() or None,
            "address": self._get_address_data(partner),
            "email": partner.email or None,
            "phone": partner.phone or None,
        }

    def _get_claim_data(self):
        def money(amount):
            return f"{amount:.2f}"

        return {
            "currency": "EUR",
            "principal": money(self.amount_principal),
            "interest": money(self.amount_interest),
            "flat_indemnity": money(self.amount_indemnity),
            "penalty_clause": money(self.penal_clause_amount),
            "costs": money(self.amount_costs),
            "total": money(self.amount_total),
            "imputation": self.imputation,
            "items": [
                {
                    "invoice": section["item"].move_id.name,
                    "invoice_date": str(section["item"].move_id.invoice_date or ""),
                    "due_date": str(section["item"].date_maturity),
                    "currency": section["item"].currency_id.name,
                    "amount": money(section["item"].amount_currency),
                    "principal": money(section["principal_left"]),
                    "interest": money(section["interest_claimed"]),
                    "flat_indemnity": money(section["indemnity_claimed"]),
                    "interest_a_day": money(section["a_day"]),
                    "segments": [
                        {
                            "from": str(segment.start),
                            "to": str(segment.end),
                            "days": segment.days,
                            "base": str(segment.base),
                            "annual_rate": str(segment.annual_rate),
                            "days_of_year": segment.year,
                            "interest": str(segment.interest),
                        }
                        for segment in section["segments"]
                    ],
                }
                for section in self._get_sections()
            ],
        }

    def _get_instruction_data(self):
        return {
            "mandate": self.mandate_scope,
            "instalments_accepted": self.instalments_accepted,
            "disputed": bool(self._get_disputed_lines()),
        }

    def _get_bank_account(self):
        """Return the creditor's account into which the debtor pays."""
        self.ensure_one()
        return self.move_ids._get_dunning_common_account()
