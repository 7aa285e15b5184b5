"""The PDF of an invoice as it was sent; a Factur-X invoice is such a PDF."""

import re

PDF_FIELD = "invoice_pdf_report_file"
# Odoo renames the PDF of an invoice reset to draft: « F_1 (detached by … on …).pdf ».
DETACHED = re.compile(r"\(.+\)\.pdf$", re.IGNORECASE)


def find_sent_files(moves):
    """Return the PDF of each invoice as it was sent.

    First what a message carried, the latest one; then the PDF of the invoice, then the one that
    Odoo detached when the invoice was reset to draft.

    :param moves: ``account.move``
    :return: ``{move: ir.attachment}`` with full rights, an empty one where there is none
    """
    held = _find_held(moves)
    carried = _find_carried(moves, held)
    found = {}
    for move in moves:
        present = held[move].filtered("res_field")[-1:]
        found[move] = carried[move][-1:] or present or held[move][-1:]
    return found


def _find_held(moves):
    """Return the current PDF of each invoice and its former ones, oldest first."""
    files = (
        moves.env["ir.attachment"]
        .sudo()
        .search(
            [
                ("res_model", "=", moves._name),
                ("res_id", "in", moves.ids),
                ("res_field", "in", (False, PDF_FIELD)),
                ("mimetype", "=", "application/pdf"),
            ],
            order="id",
        )
    )
    held = files.filtered(
        lambda file: (
            file.res_field
            or (DETACHED.search(file.name) and _names(file, moves.browse(file.res_id)))
        )
    ).grouped("res_id")
    return {move: held.get(move.id, files.browse()) for move in moves}


def _find_carried(moves, held):
    """Return the PDF of each invoice carried by our messages to the customer, oldest first.

    Messages of others prove nothing, whatever the name of the file.

    :param dict held: ``{move: ir.attachment}``, the current or former PDF
    """
    carried = {move: moves.env["ir.attachment"].sudo() for move in moves}
    for message in moves._get_dunning_carriers():
        move = moves.browse(message.res_id)
        sums = set(held[move].mapped("checksum"))
        carried[move] |= message.attachment_ids.filtered(
            lambda file, sums=sums, move=move: (
                file.mimetype == "application/pdf" and (file.checksum in sums or _names(file, move))
            )
        ).sorted(lambda file, sums=sums: (file.checksum in sums, file.id))
    return carried


def _names(file, move):
    """Whether the name of a file contains the number of an invoice."""
    number = re.escape((move.name or "").strip("/").replace("/", "_"))
    return bool(number) and bool(re.search(rf"(?<![a-z0-9]){number}(?!\d)", file.name, re.I))
