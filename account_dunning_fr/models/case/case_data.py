"""The parties and the sums of a court file as data: CSV for spreadsheets, JSON for programs."""

import csv
import json
from io import StringIO

from ..common.amounts import write_plain

SCHEMA = "account_dunning_fr/dossier"
SCHEMA_VERSION = "1.3"
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")  # including the full-width variants


def make_csv(case):
    """Return the statement as CSV (semicolons, UTF-8 with BOM, for a French Excel)."""
    stream = StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(_get_headers(case.env))
    for section in case._get_statement().sections:
        item = section.item
        for segment in section.segments:
            writer.writerow(
                [
                    guard(item.move_id.name),
                    item.move_id.invoice_date or item.date,
                    item.date_maturity,
                    item.currency_id.name,
                    segment.start,
                    segment.end,
                    segment.days,
                    *(
                        text.replace(".", ",")
                        for text in (
                            write_plain(segment.base, item.currency_id),
                            str(segment.annual_rate),
                            write_plain(segment.interest, item.currency_id),
                        )
                    ),
                ]
            )
    return ("\ufeff" + stream.getvalue()).encode()


def _get_headers(env):
    return [
        env._("Invoice"),
        env._("Invoice date"),
        env._("Due date"),
        env._("Currency"),
        env._("From"),
        env._("To"),
        env._("Days"),
        env._("Base"),
        env._("Rate (% a year)"),
        env._("Interest"),
    ]


def guard(text):
    """Return a text that a spreadsheet never takes for a formula."""
    text = text or ""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def make_json(case, named):
    """Return parties, sums and pieces as JSON (bytes), in the schema of docs/dossier-schema.md.

    :param named: list of (piece, file name, SHA-256)
    """
    document = {
        "schema": SCHEMA,
        "version": SCHEMA_VERSION,
        "reference": case.name,
        "date": str(case.date),
        "route": case.route or None,
        "court": (case.court_id and {"code": case.court_id.code, "name": case.court_id.name})
        or None,
        "creditor": _get_creditor_data(case),
        "debtor": _get_debtor_data(case),
        "claim": get_claim_data(case),
        "instructions": _get_instruction_data(case),
        "pieces": [_get_piece_data(piece, name, digest) for piece, name, digest in named],
    }
    text = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True)
    return f"{text}\n".encode()


def _get_piece_data(piece, name, digest):
    return {
        "number": piece.number,
        "category": piece.category,
        "name": piece.name,
        "date": (piece.date and str(piece.date)) or None,
        "file": name,
        "pages": piece.page_count or None,
        "scan": piece.is_scan,
        "outlined": piece.is_outlined,
        "problem": piece.problem or None,
        "sha256": digest,
    }


def _get_address_data(partner):
    return {
        "street": partner.street or None,
        "street2": partner.street2 or None,
        "zip": partner.zip or None,
        "city": partner.city or None,
        "country": partner.country_id.code or None,
    }


def _get_creditor_data(case):
    company = case.company_id
    bank = case._get_bank_account()
    return {
        "name": company.name,
        "legal_form": company.dunning_legal_form or None,
        "share_capital": write_plain(company.dunning_share_capital, company.currency_id)
        if company.dunning_share_capital
        else None,
        "siren": company.partner_id._get_dunning_siren() or None,
        "rcs": company.dunning_rcs_city or None,
        "representative": company.dunning_representative or None,
        "address": _get_address_data(company.partner_id),
        "email": company.email or None,
        "phone": company.phone or None,
        "iban": bank.acc_number.replace(" ", "") if bank.acc_number else None,
    }


def _get_debtor_data(case):
    partner = case.partner_id
    return {
        "name": partner.name,
        "kind": partner.dunning_regime or None,
        "legal_form": partner.dunning_legal_form or None,
        "siren": partner._get_dunning_siren() or None,
        "address": _get_address_data(partner),
        "email": partner.email or None,
        "phone": partner.phone or None,
    }


def get_claim_data(case):
    """Return the sums claimed, in total (in euros) and by item (in the currency of each)."""
    euro = case.currency_id
    sections = case._get_statement().sections
    return {
        "currency": "EUR",
        "principal": write_plain(case.amount_principal, euro),
        "interest": write_plain(case.amount_interest, euro),
        "flat_indemnity": write_plain(case.amount_indemnity, euro),
        "penalty_clause": write_plain(case.penal_clause_amount, euro),
        "costs": write_plain(case.amount_costs, euro),
        "total": write_plain(case.amount_total, euro),
        "imputation": case.imputation,
        "interest_after": _get_after_data(case, sections),
        "items": [_get_item_data(section, euro) for section in sections],
    }


def _get_after_data(case, sections):
    """Return how interest continues, as in part 6 of the request."""
    return [
        {
            "annual_rate": f"{basis['rate']:.2f}",
            "currency": basis["currency"].name,
            "interest_a_day": write_plain(basis["a_day"], basis["currency"]),
        }
        for basis in case.env["account.dunning.case.document"]._get_bases(sections)
    ]


def _get_item_data(section, euro):
    item = section.item
    currency = item.currency_id
    return {
        "invoice": item.move_id.name,
        "invoice_date": str(item.move_id.invoice_date or item.date),
        "due_date": str(item.date_maturity),
        "currency": currency.name,
        "amount": write_plain(item.amount_currency, currency),
        "principal": write_plain(section.principal_left, currency),
        "interest": write_plain(section.interest_claimed, currency),
        "flat_indemnity": write_plain(section.indemnity_claimed, euro),
        "interest_a_day": write_plain(currency.round(float(section.a_day)), currency),
        "segments": [
            {
                "from": str(segment.start),
                "to": str(segment.end),
                "days": segment.days,
                "base": write_plain(segment.base, currency),
                "annual_rate": str(segment.annual_rate),
                "days_of_year": segment.year,
                "interest": write_plain(segment.interest, currency),
            }
            for segment in section.segments
        ],
    }


def _get_instruction_data(case):
    return {
        "mandate": case.mandate_scope,
        "instalments_accepted": case.instalments_accepted,
        "disputed": bool(case._get_disputed_lines()),
    }
