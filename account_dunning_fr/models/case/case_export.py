"""The content of a court file's archive: one file per piece, all of them as one PDF, sums as data.

Each piece goes into the ZIP as it is read, and from there into the whole PDF, which is built on
disk: a file of a hundred scans takes as much memory as one.
"""

from functools import partial
from string import ascii_uppercase
from typing import NamedTuple

from ...core.filenames import safe_name
from ...core.readable import shorten
from ...core.uncontested import ROUTE as UNCONTESTED
from ...dossier.merge import Part, write_whole
from ...dossier.pages import text_page
from ..penalty.statement_book import make_statement_book
from .case_data import make_csv, make_json

TITLE_LENGTH = 250  # characters of a piece's name in bookmarks and on replacement pages


class Named(NamedTuple):
    """A piece, the name of its file in the ZIP, and its SHA-256."""

    piece: object
    name: str
    sha256: str


def write_files(case, archive, whole, made):
    """Write the files of a court file into its ZIP, in order.

    :param case: ``account.dunning.case``, in the language of its documents
    :param Archive archive: the ZIP, still empty
    :param Path whole: where the whole PDF is built
    :param dict made: ``{kind: ir.attachment}`` of its documents that are up to date; the others are
        made here
    :return: list of sentences about what the whole PDF cannot show
    """
    documents = case.env["account.dunning.case.document"]
    titles, names = documents._get_titles(), name_documents(case)
    kinds = get_document_kinds(case)
    left = dict.fromkeys((kind for kind in kinds if kind not in made), case)
    made = made | documents._make_all(case, left)
    archive.add(names["bordereau"], made["bordereau"].raw)
    named = _add_pieces(case, archive)
    for kind in kinds:
        if kind != "bordereau":
            archive.add(names[kind], made[kind].raw)
    leading = [(titles[kind], made[kind].raw) for kind in _get_leading_kinds(case)]
    notes = _merge(case, leading, named, archive, whole)
    archive.add("Dossier_complet.pdf", whole)
    archive.add("Decompte.xlsx", make_statement_book(case._get_statement()))
    archive.add("Decompte.csv", make_csv(case))
    archive.add("dossier.json", make_json(case, named))
    return notes


def name_documents(case):
    """Return the file names of the case's documents in the ZIP, by kind; each starts with a letter.

    :param case: ``account.dunning.case``, in the language of its documents
    """
    titles = case.env["account.dunning.case.document"]._get_titles()
    kinds = get_document_kinds(case)
    kinds.remove("bordereau")
    lettered = zip(ascii_uppercase, kinds, strict=False)
    names = {kind: safe_name(f"{letter}_{titles[kind]}", "pdf") for letter, kind in lettered}
    return {"bordereau": "00_Bordereau.pdf", **names}


def _add_pieces(case, archive):
    """Add the pieces of a file to its ZIP, one by one.

    :return: list of ``Named``
    """
    pieces, named = case._get_included_pieces(), []
    for piece, content in pieces._read_one_by_one():
        name = piece._get_numbered_name(len(pieces))
        named.append(Named(piece, name, archive.add(name, content)))
    return named


def get_document_kinds(case):
    """Return the documents that go with the pieces of a file, in order."""
    return [*_get_leading_kinds(case), *_get_loose_kinds(case)]


def _get_leading_kinds(case):
    """Return the kinds of documents at the head of the whole PDF: what the court reads."""
    return ["request", "bordereau"] if case.is_order else ["bordereau"]


def _get_loose_kinds(case):
    """Return the kinds of documents for the agent, which are not part of the whole PDF."""
    asked = ["data_sheet"] if case.is_order else []
    asked += ["commandement"] if case.route == UNCONTESTED else []
    return [*asked, "chronology", "cover_letter", "mandate"]


def _merge(case, leading, named, archive, whole):
    """Build the whole PDF; what cannot be shown is replaced by a page that says so.

    :param leading: list of (title, content) of what the court reads first
    :param named: list of ``Named``
    :param Archive archive: the ZIP that holds them
    :param Path whole: where it is written
    :return: list of sentences about what is not shown
    """
    env = case.env
    parts = [Part(title, "", content) for title, content in leading]
    notes, names = [], {}
    for piece, name, checksum in named:
        label = env._("Piece no. %s", piece.number)
        names[label] = name
        title = f"{label} – {shorten(piece.name, TITLE_LENGTH)}"
        page, note = _get_page_instead(piece, title, name)
        notes += [note] if note else []
        if page:
            parts.append(Part(title, label, page))
        else:
            parts.append(Part(title, label, partial(archive.get, name), checksum))

    def stand_in(part):
        # Valid when it was added, but it still cannot be merged with the others.
        name = names.get(part.label, part.title)
        notes.append(_get_apart_note(env, part.title, env._("damaged"), name))
        return text_page(part.title, notes[-1:])

    with whole.open("w+b") as stream:
        write_whole(stream, parts, _get_whole_title(case), _get_whole_foot(case), stand_in)
    return notes


def _get_whole_title(case):
    return case.env._(
        "File %(name)s – %(creditor)s against %(debtor)s",
        name=case.name,
        creditor=case.company_id.name,
        debtor=case.partner_id.name,
    )


def _get_whole_foot(case):
    return case.env._(
        "%(name)s – page %(page)s of %(pages)s",
        name=case.name.replace("{", "").replace("}", ""),
        page="{page}",
        pages="{pages}",
    )


def _get_apart_note(env, title, why, name):
    return env._(
        "%(label)s: %(why)s. It is in the folder as the file %(file)s.",
        label=title,
        why=why,
        file=name,
    )


def _get_page_instead(piece, title, name):
    """Return the page that replaces a piece without pages, and a sentence about what is not shown.

    :return: the PDF of that page, empty if the piece has pages of its own, and a sentence or ""
    """
    if piece.kind == "other" or piece.problem:
        problems = dict(piece._fields["problem"]._description_selection(piece.env))
        why = problems.get(piece.problem, piece.env._("not a PDF"))
        note = _get_apart_note(piece.env, title, why, name)
        return text_page(title, [note]), note
    if piece.is_signed:
        return b"", piece.env._(
            "%(label)s bears an electronic signature: it can be verified in the file %(file)s, "
            "not in the whole.",
            label=title,
            file=name,
        )
    return b"", ""
