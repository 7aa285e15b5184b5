"""The parties and the sums of a court file as data: CSV for a spreadsheet, JSON for a program."""

import csv
import json
from io import StringIO

SCHEMA = "account_dunning_fr/dossier"
SCHEMA_VERSION = "1.2"
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")  # also as wide as a Chinese character


def make_csv(case):
    """Return the statement as CSV (semicolons, UTF-8 with its mark, for a French Excel)."""
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
                        str(value).replace(".", ",")
                        for value in (segment.base, segment.annual_rate, segment.interest)
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
    """Return parties, sums and pieces as JSON (bytes), by the schema of docs/dossier-schema.md.

    :param named: list of (piece, name of its file, its SHA-256)
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
        "share_capital": f"{company.dunning_share_capital:.2f}"
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
    """Return the sums claimed, in all and item by item."""
    return {
        "currency": "EUR",
        "principal": _write(case.amount_principal),
        "interest": _write(case.amount_interest),
        "flat_indemnity": _write(case.amount_indemnity),
        "penalty_clause": _write(case.penal_clause_amount),
        "costs": _write(case.amount_costs),
        "total": _write(case.amount_total),
        "imputation": case.imputation,
        "items": [_get_item_data(section) for section in case._get_statement().sections],
    }


def _get_item_data(section):
    item = section.item
    return {
        "invoice": item.move_id.name,
        "invoice_date": str(item.move_id.invoice_date or ""),
        "due_date": str(item.date_maturity),
        "currency": item.currency_id.name,
        "amount": _write(item.amount_currency),
        "principal": _write(section.principal_left),
        "interest": _write(section.interest_claimed),
        "flat_indemnity": _write(section.indemnity_claimed),
        "interest_a_day": _write(section.a_day),
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
            for segment in section.segments
        ],
    }


def _write(amount):
    return f"{float(amount):.2f}"


def _get_instruction_data(case):
    return {
        "mandate": case.mandate_scope,
        "instalments_accepted": case.instalments_accepted,
        "disputed": bool(case._get_disputed_lines()),
    }
