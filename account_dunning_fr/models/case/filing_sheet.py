"""What an online filing form asks for, value by value, and the files to attach.

In the order in which a request is entered: the court, the claimant, the debtor, the sums, the
ground, the contact, then the files, the request first (CPC 54, 57, 1407). Plain texts, each to be
copied; sums in the format of French forms. The online form itself was not seen: its order may
differ.
"""

from io import BytesIO
from zipfile import ZipFile

from odoo.tools import format_date

from .case_export import name_documents

FIRST = ("request", "commandement")  # the request itself, before its pieces


def make_sheet(case):
    """Return the sheet of a file, in the language of its reader.

    :param case: ``account.dunning.case``, with the access rights of its reader
    :return: dict ``groups``, a list of dicts ``title`` and ``rows`` of (label, text), and
        ``files``, a list of dicts ``name`` and ``url`` (False if only the ZIP contains it)
    """
    titled = [
        (case.env._("Court"), _get_court_rows(case)),
        (case.env._("Claimant"), _get_party_rows(case, case.company_id.partner_id)),
        (case.env._("Debtor"), _get_party_rows(case, case.partner_id)),
        (case.env._("Sums asked"), _get_sum_rows(case)),
        (case.env._("Claim"), _get_claim_rows(case)),
        (case.env._("Contact"), _get_contact_rows(case)),
    ]
    groups = [
        {"title": title, "rows": [(label, str(text)) for label, text in rows if text]}
        for title, rows in titled
    ]
    return {"groups": [group for group in groups if group["rows"]], "files": _get_files(case)}


def _get_court_rows(case):
    routes = dict(case._fields["route"]._description_selection(case.env))
    court = case.court_id
    return [
        (case.env._("Procedure"), routes.get(case.route)),
        (case.env._("Court"), court.name),
        (case.env._("Address"), (court.address or "").strip()),
        (
            case.env._("Court in case of opposition"),
            case.is_order and (case.opposition_court or court.name),
        ),
    ]


def _get_party_rows(case, partner):
    """Return the identity of a party, with the address in parts: a form has a field for each."""
    documents = case.env["account.dunning.case.document"]
    company = case.company_id if partner == case.company_id.partner_id else None
    rows = documents._get_identity_rows(partner, company)
    address = documents._format_address(partner)
    kept = [(label, _write(text)) for label, text in rows if text != address]
    return [
        *kept,
        (case.env._("Street"), ", ".join(filter(None, [partner.street, partner.street2]))),
        (case.env._("Post code"), partner.zip),
        (case.env._("Town"), partner.city),
        (case.env._("Country"), partner.country_id.name),
    ]


def _get_sum_rows(case):
    return [
        (case.env._("Sums up to"), format_date(case.env, case.date)),
        *((label, _write(amount)) for label, amount in case._get_elements() if amount),
        (case.env._("Total claimed"), _write(case.amount_total)),
    ]


def _get_claim_rows(case):
    notices = set(case._get_formal_notices().values())
    days = sorted(notice.date for notice in notices)
    return [
        (case.env._("Ground of the claim"), case.ground),
        (case.env._("Invoices"), ", ".join(filter(None, case.item_ids.mapped("invoice_name")))),
        (case.env._("Formal notice"), ", ".join(format_date(case.env, day) for day in days)),
        (case.env._("Amicable steps"), case.amicable_note),
        (case.env._("Our reference"), case.name),
    ]


def _get_contact_rows(case):
    person, company = case.user_id, case.company_id
    return [
        (case.env._("Name"), person.name or company.name),
        (case.env._("E-mail"), person.email or company.email),
        (case.env._("Phone"), person.phone or company.phone),
        ("IBAN", case._get_bank_account().acc_number),
    ]


def _write(value):
    """Return a sum in the format of French forms, without currency; a text unchanged."""
    return f"{value:.2f}".replace(".", ",") if isinstance(value, float) else value


# -- The files -------------------------------------------------------------------------------------


def _get_files(case):
    """Return the files of the last generated ZIP, the request first, then in its own order."""
    case.dossier_id.check_access("read")
    if not case.dossier_id:
        return []
    with ZipFile(BytesIO(case.dossier_id.raw)) as archive:
        names = archive.namelist()
    known = _get_known_files(case)
    first = [name for name in names if known.get(name, ("",))[0] in FIRST]
    rest = [name for name in names if name not in first]
    return [
        {"name": name, "url": f"/web/content/{known[name][1].id}?download=true"}
        if name in known
        else {"name": name, "url": False}
        for name in (*first, *rest)
    ]


def _get_known_files(case):
    """Return the files behind the names in the ZIP: ``{name: (kind, ir.attachment)}``."""
    names = name_documents(case.with_context(lang=case._get_dunning_print_lang()))
    pieces = case._get_included_pieces()
    found = {
        piece._get_numbered_name(len(pieces)): ("piece", piece.attachment_id)
        for piece in pieces
        if piece.attachment_id and piece.kind != "image"  # the ZIP contains its PDF page
    }
    for document in case.document_ids.filtered("attachment_id"):
        if document.kind in names:
            found[names[document.kind]] = (document.kind, document.attachment_id)
    return found
