"""The file for the insurer: list, statement and documents, read with the user's own rights."""

from os.path import splitext

from odoo.tools import html2plaintext

from ...core.filenames import numbered_name, written_name
from ...dossier.archive import build_zip
from ..common.amounts import get_number_format
from ..common.creditors_day import creditors_day
from ..common.spreadsheet import make_book

COLUMNS = (
    "move_id",
    "date_maturity",
    "extended_to",
    "amount_company",
    "notify_by",
    "notified_on",
    "intervene_by",
    "asked_on",
    "consented_on",
    "reference",
    "indemnity",
    "own_share",
)


def download(items):
    """Make the file on a customer's items, keep it on their cover, and return its download.

    :param items: ``account.dunning.insured`` of one cover, the oldest first
    :return: dict, an action
    """
    cover, today = items.cover_id, creditors_day(items)
    env = items.with_context(lang=cover.company_id.partner_id._get_dunning_lang()).env
    name = env._(
        "File for the insurer %(customer)s %(day)s", customer=cover.partner_id.name, day=today
    )
    content = build_zip(_make_files(items.with_env(env)), today)
    attachment = env["ir.attachment"]._attach_dunning(
        cover, written_name(name, "zip"), content, "application/zip"
    )
    return {
        "type": "ir.actions.act_url",
        "url": f"/web/content/{attachment.id}?download=true",
        "target": "self",
    }


def _make_files(items):
    """Return the name and content of each file: list, statement, then the documents by date."""
    env, cover = items.env, items.cover_id
    partner, creditor = cover.partner_id, cover.company_id
    statement = partner._print_dunning_account_statement(creditor, creditors_day(items))
    files = [
        (env._("List"), "xlsx", _make_list(items)),
        (env._("Statement of account"), "pdf", statement),
    ]
    files += _get_pieces(items)
    return [
        (numbered_name(number, title, extension, len(files)), content)
        for number, (title, extension, content) in enumerate(files, start=1)
    ]


def _make_list(items):
    """Return the items as a spreadsheet, one per row, with what was reported and what is asked."""
    cover = items.cover_id
    facts = (
        cover.insurance_id.insurer_id.name,
        cover.insurance_id.name,
        cover.partner_id.display_name,
        cover.partner_id._get_dunning_siren() or "",
    )

    number_format = get_number_format(items.company_currency_id)

    def fill(book):
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "text_wrap": True})
        formats = {
            "date": book.add_format({"num_format": "dd/mm/yyyy", "align": "left"}),
            "monetary": book.add_format({"num_format": number_format}),
        }
        for row, text in enumerate(facts):
            sheet.write(row, 0, text)
        first = len(facts) + 1
        for column, name in enumerate(COLUMNS):
            field = items._fields[name]
            sheet.write(first, column, field._description_string(items.env), bold)
            for row, item in enumerate(items, start=first + 1):
                value = item[name].name if field.type == "many2one" else item[name]
                _write_cell(sheet, row, column, value, formats.get(field.type))
        sheet.set_column(0, len(COLUMNS) - 1, 18)

    return make_book(fill)


def _write_cell(sheet, row, column, value, cell_format):
    """Write a value: a zero amount as zero, any other empty value as an empty cell."""
    if isinstance(value, float):
        sheet.write_number(row, column, value, cell_format)
    else:
        sheet.write(row, column, value or "", cell_format)


def _get_pieces(items):
    """Return the invoices, letters and proofs known to the chronology, the oldest first.

    Each is read with the user's own rights: one that the user may not read stops the export.
    """
    cover, pieces, seen = items.cover_id, [], set()
    chronology = items.env["account.dunning.chronology"]
    for event in chronology._get_events(cover.partner_id, cover.company_id, items.move_id):
        for proof in (event.proofs or items.env["ir.attachment"]).with_env(items.env):
            if proof.id not in seen:
                seen.add(proof.id)
                ending = splitext(proof.name or "")[1].lstrip(".") or "bin"
                pieces.append((f"{event.on} {event.title} {event.detail}", ending, proof.raw))
        if event.kind == "notice" and not event.proofs:
            text = html2plaintext(event.record.message_html or "")
            pieces.append((f"{event.on} {event.title}", "txt", text.encode()))
    return pieces
