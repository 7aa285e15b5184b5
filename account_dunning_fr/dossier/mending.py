"""Pages from scanners and other programs, made fit for inclusion in a larger PDF.

What a page shows is preserved; what viewers each guess in their own way (boxes, rotation, open
graphics states) is made explicit, and what would act by itself or is broken by copying is removed:
scripts, launched programs, embedded files, form fields and signatures.

With pikepdf, which copies a page without parsing its content; what pikepdf cannot open but pypdf
can is first rewritten by pypdf.
"""

from __future__ import annotations

import re
import zlib
from contextlib import suppress
from io import BytesIO

from pikepdf import Array, Dictionary, Name, Object, Page, PasswordError, Pdf, PdfError, Stream
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, IndirectObject
from reportlab.lib.pagesizes import A4

from .reading import UNREADABLE, find_pdf, open_pdf

LEAST = 1.0  # points: a thinner box is ignored
DEEPEST = 50  # levels of the page tree in which an inherited value is searched
# Annotations that act by themselves, or contain a file.
ACTING = {"/RichMedia", "/Screen", "/Movie", "/Sound", "/FileAttachment", "/3D"}
HARMLESS = {"/GoTo", "/URI"}  # what a link may still do
OF_A_FIELD = ("/FT", "/T", "/TU", "/TM", "/V", "/DV", "/Ff", "/Parent", "/Kids", "/MK", "/DA")
UNSCANNED = 4_000_000  # bytes of content beyond which balance is not checked, but ensured
# Tokens that contain no operators (a comment, a string, image data), and the operators: each
# alternative begins with the letters it may start with, which are searched for directly. There are
# no operators in hexadecimal strings.
_SILENT = rb"%[^\r\n]*|\([^\\()]*(?:\\.[^\\()]*)*\)|BI(?<!\wBI)\b.*?\bID\b.*?\bEI\b"
# What each operator does to the depth of graphics states, and of texts.
_STEPS = {b"q": (1, 0), b"Q": (-1, 0), b"BT": (0, 1), b"ET": (0, -1)}
_LETTER = rb"[^\s\[\]<>()/{}%]"  # part of a word, in which there is no operator
_WORDS = (b"%s(?<!%s%s)(?!%s)" % (word, _LETTER, word, _LETTER) for word in _STEPS)
_TOKENS = re.compile(b"|".join([_SILENT, *_WORDS]), re.DOTALL)


def open_mended(data: bytes) -> Pdf:
    """Open a document and make its pages fit to be copied; what is not copied leaves no trace.

    :raises UNREADABLE: if it has no pages, asks for a password, or cannot be read
    """
    pdf = _open(data[max(find_pdf(data), 0) :])
    if not len(pdf.pages):
        raise ValueError("a document that has no page")
    for page in pdf.pages:
        _mend(page.obj)
    return pdf


def _open(data: bytes) -> Pdf:
    try:
        return _open_sized(BytesIO(data))
    except PasswordError:
        raise
    except PdfError:
        stream = BytesIO()
        PdfWriter(clone_from=open_pdf(data)).write(stream)
        return _open_sized(stream)


def _open_sized(stream: BytesIO) -> Pdf:
    """Open a document so that pages without a size are A4, before qpdf makes them US Letter."""
    pdf = Pdf.open(stream, inherit_page_attributes=False)
    tree = pdf.Root.get("/Pages")
    if _is_dictionary(tree) and _read_box(tree.get("/MediaBox")) is None:
        tree["/MediaBox"] = Array((0.0, 0.0, *map(float, A4)))
    len(pdf.pages)  # this reads the tree
    return pdf


def _mend(page: Object) -> None:
    found = {name: _inherited(page, name) for name in ("/MediaBox", "/CropBox", "/Rotate")}
    resources = _inherited(page, "/Resources")
    for name in ("/AA", "/BleedBox", "/TrimBox", "/ArtBox"):
        _take_off(page, name)
    page["/Rotate"] = _read_angle(found["/Rotate"])
    media, crop = _read_box(found["/MediaBox"]), _read_box(found["/CropBox"])
    page["/MediaBox"] = Array(media or (0.0, 0.0, *map(float, A4)))
    page["/CropBox"] = Array(_overlap(media, crop))
    if not _is_dictionary(resources):
        resources = Dictionary()
    if not _is_dictionary(resources.get("/Font")):
        resources["/Font"] = Dictionary()
    page["/Resources"] = resources
    _set_annotations(page)


def _inherited(page: Object, name: str) -> Object | None:
    """Return a value of a page or of its parents in the tree; None if there is none."""
    node = page
    for _level in range(DEEPEST):
        value = node.get(name)
        if value is not None:
            return value
        node = node.get("/Parent")
        if not _is_dictionary(node):
            break
    return None


def _take_off(dictionary: Object, name: str) -> None:
    if name in dictionary:
        del dictionary[name]


def _is_dictionary(value) -> bool:
    return isinstance(value, Dictionary) and not isinstance(value, Stream)


def has_signature(reader: PdfReader) -> bool:
    """Return whether a document has an electronic signature."""
    with suppress(*UNREADABLE):
        form = _resolve(reader.root_object.get("/AcroForm"))
        fields = _resolve(form.get("/Fields")) if isinstance(form, DictionaryObject) else []
        return any(_is_signed(field, set()) for field in fields or [])
    return False


def _is_signed(field, seen: set[int]) -> bool:
    field = _resolve(field)
    if not isinstance(field, DictionaryObject) or id(field) in seen:
        return False
    seen.add(id(field))
    if field.get("/FT") == "/Sig" and _resolve(field.get("/V")):
        return True
    return any(_is_signed(kid, seen) for kid in _resolve(field.get("/Kids")) or [])


def _resolve(value):
    """Return what a value refers to; None for ``null`` and for missing values."""
    if isinstance(value, IndirectObject):
        value = value.get_object()
    return None if value is None or type(value).__name__ == "NullObject" else value


# -- Boxes and rotation -------------------------------------------------------------------------


def visible_box(page: Page) -> tuple[float, float, float, float]:
    """Return the visible area of a mended page: left, bottom, right and top, in points."""
    return tuple(float(edge) for edge in page.obj["/CropBox"])


def turned(page: Page) -> int:
    """Return the rotation of a mended page: 0, 90, 180 or 270 degrees."""
    return int(page.obj["/Rotate"])


def _overlap(media, crop) -> tuple[float, float, float, float]:
    """Return the visible area of a page: the overlap of its boxes.

    Corners may be swapped, a box may be larger than its page, or there may be none (then A4).
    """
    media = media or (0.0, 0.0, *map(float, A4))
    crop = crop or media
    overlap = (*map(max, media[:2], crop[:2]), *map(min, media[2:], crop[2:]))
    return overlap if _has_room(overlap) else media


def _read_angle(value) -> int:
    """Return a rotation; angles that are no quarter turns are ignored, as in viewers."""
    with suppress(*UNREADABLE):
        angle = float(str(value or 0))
        if angle % 90 == 0:
            return int(angle) % 360
    return 0


def _read_box(value) -> tuple[float, float, float, float] | None:
    with suppress(*UNREADABLE):
        edges = [float(str(edge)) for edge in value or []]
        if len(edges) == 4 and all(abs(edge) < 1e6 for edge in edges):
            x0, y0, x1, y1 = edges
            box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            return box if _has_room(box) else None
    return None


def _has_room(box: tuple[float, ...]) -> bool:
    return box[2] - box[0] >= LEAST and box[3] - box[1] >= LEAST


# -- Contents -----------------------------------------------------------------------------------


def contents(page: Page) -> list[Stream]:
    """Return the content streams of a page."""
    found = page.obj.get("/Contents")
    parts = list(found) if isinstance(found, Array) else [found]
    return [part for part in parts if isinstance(part, Stream)]


def is_balanced(streams: list[Stream]) -> bool:
    """Return whether the content closes each state and text that it opens, and no other.

    If this cannot be determined, it counts as unbalanced: the treatment then does no harm.
    """
    try:
        data = b"\n".join(stream.read_bytes() for stream in streams)
    except UNREADABLE:
        return False
    if len(data) > UNSCANNED:
        return False
    depth = texts = 0
    for token in _TOKENS.findall(data):
        deeper, more = _STEPS.get(token, (0, 0))
        depth += deeper
        texts += more
        if depth < 0 or texts not in (0, 1):
            return False
    return depth == 0 and texts == 0


def as_one_object(whole: Pdf, page: Page, streams: list[Stream]) -> Stream | None:
    """Return the content of a page as an object of its own, which leaves no state behind.

    :return: None if it cannot be read: it is then drawn as it is
    """
    try:
        data = b"\n".join(stream.read_bytes() for stream in streams)
    except UNREADABLE:
        return None
    return whole.make_stream(
        zlib.compress(data),
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=page.obj["/MediaBox"],
        Resources=page.obj["/Resources"],
        Filter=Name.FlateDecode,
    )


# -- Annotations --------------------------------------------------------------------------------


def _set_annotations(page: Object) -> None:
    kept = []
    with suppress(*UNREADABLE):
        annotations = page.get("/Annots")
        for annotation in annotations if isinstance(annotations, Array) else []:
            if _is_dictionary(annotation) and _calm(annotation):
                kept.append(annotation)
    if kept:
        page["/Annots"] = Array(kept)
    else:
        _take_off(page, "/Annots")


def _calm(annotation: Object) -> bool:
    """Remove the actions of an annotation; return whether it still has something to show.

    A form field or a signature stays as its own appearance.
    """
    kind = str(annotation.get("/Subtype"))
    if kind in ACTING:
        return False
    _take_off(annotation, "/AA")
    action = annotation.get("/A")
    if not _is_dictionary(action) or str(action.get("/S")) not in HARMLESS:
        _take_off(annotation, "/A")
    else:
        _take_off(action, "/Next")
    if kind != "/Widget":
        return True
    for name in OF_A_FIELD:
        _take_off(annotation, name)
    annotation["/Subtype"] = Name.Stamp
    return "/AP" in annotation
