"""The audit file on one debtor: facts, duplicate, proofs, sending and entry, in this order."""

from ...core.filenames import numbered_name
from ..common.amounts import write_plain
from .relief_entry import ReliefEntry

# The fields listed on its first page.
TOLD = (
    "partner_id",
    "ground",
    "event_date",
    "until",
    "amount_net",
    "amount_vat",
    "issued_on",
    "sentence",
    "sent_by",
    "sent_on",
    "sent_number",
    "entry_id",
    "repaid",
)


def get_files(relief):
    """Return the name and content of each file, numbered in reading order.

    :param relief: ``account.dunning.vat.relief``, read with the rights of its owner
    """
    files = [("fiche.txt", _write_sheet(relief._in_dunning_lang()).encode())]
    if relief.document_id:
        files.append((relief.document_id.name, relief.document_id.raw))
    sent = relief._get_sending_proofs() if relief.registered_id else relief.proof_ids.browse()
    files += [(proof.name, proof.raw) for proof in relief.proof_ids | sent]
    for message in relief.message_ids.filtered("partner_ids"):
        text = f"{message.date}\n{message.subject}\n{message.preview}\n"
        files.append((f"envoi_{message.id}.txt", text.encode()))
    if relief.entry_id:
        files.append(("ecriture.csv", ReliefEntry.as_csv(relief.entry_id)))
    return [
        (numbered_name(number, *_cut_ending(name)), data)
        for number, (name, data) in enumerate(files, start=1)
    ]


def _write_sheet(relief):
    """Return the facts as text, one per line, in the language of the record."""
    rows = []
    for name in TOLD:
        field = relief._fields[name]
        value = field.convert_to_export(relief[name], relief)
        rows.append(f"{field._description_string(relief.env)} : {value}")
    for row in relief._get_invoices():
        net, vat = (write_plain(row[name], relief.company_currency_id) for name in ("net", "vat"))
        rows.append(f"{row['move'].name} : {net} + {vat}")
    return "\n".join(rows) + "\n"


def _cut_ending(name):
    """Split the name of a file into its stem and its extension."""
    stem, _dot, ending = (name or "file").rpartition(".")
    return (stem, ending) if stem else (ending, "bin")
