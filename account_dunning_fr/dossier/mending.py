"""Pages as they come from scanners and other people's programs, made fit to stand in a whole.

What a page shows stays; what viewers guess each in their own way (boxes, rotation, open graphics
states) is written down, and what would act by itself or is broken by copying is left out: scripts,
launched programs, embedded files, the fields of a form and its signatures.

By pikepdf, which copies a page without reading what is drawn on it; what it cannot open and pypdf
can is written anew by pypdf first.
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

LEAST = 1.0  # points: a box thinner than this is none
DEEPEST = 50  # levels of a page tree in which a page's value is looked for
# What stands on a page but acts by itself, or carries a file along.
ACTING = {"/RichMedia", "/Screen", "/Movie", "/Sound", "/FileAttachment", "/3D"}
HARMLESS = {"/GoTo", "/URI"}  # what a link may still do
OF_A_FIELD = ("/FT", "/T", "/TU", "/TM", "/V", "/DV", "/Ff", "/Parent", "/Kids", "/MK", "/DA")
UNSCANNED = 4_000_000  # bytes of drawing beyond which balance is not looked for, but provided for
# What holds no operator (a comment, a text, the data of a picture), and the operators: each begins
# with the letters that it may begin with, which are looked for at once. In hexadecimal digits there
# is no operator.
_SILENT = rb"%[^\r\n]*|\([^\\()]*(?:\\.[^\\()]*)*\)|BI(?<!\wBI)\b.*?\bID\b.*?\bEI\b"
# What each does to the depth of states, and of texts.
_STEPS = {b"q": (1, 0), b"Q": (-1, 0), b"BT": (0, 1), b"ET": (0, -1)}
_LETTER = rb"[^\s\[\]<>()/{}%]"  # of a word, of which an operator is no part
_WORDS = (b"%s(?<!%s%s)(?!%s)" % (word, _LETTER, word, _LETTER) for word in _STEPS)
_TOKENS = re.compile(b"|".join([_SILENT, *_WORDS]), re.DOTALL)


def open_mended(data: bytes) -> Pdf:
    """Open a document whose pages are fit to be copied; what is not copied leaves nothing behind.

    :raises UNREADABLE: it has no page, asks for a password, or cannot be read
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
    """Open a document in which a page without a size is of A4, before qpdf makes it American."""
    pdf = Pdf.open(stream, inherit_page_attributes=False)
    tree = pdf.Root.get("/Pages")
    if _is_dictionary(tree) and _read_box(tree.get("/MediaBox")) is None:
        tree["/MediaBox"] = Array((0.0, 0.0, *map(float, A4)))
    len(pdf.pages)  # the tree is read here
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
    """Return a value of a page, or of what is above it in the tree; None where there is none."""
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
    """Return whether a document bears an electronic signature."""
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
    """Return what a value stands for; None for ``null`` and for what is not there."""
    if isinstance(value, IndirectObject):
        value = value.get_object()
    return None if value is None or type(value).__name__ == "NullObject" else value


# -- Boxes and rotation -------------------------------------------------------------------------


def visible_box(page: Page) -> tuple[float, float, float, float]:
    """Return what is seen of a mended page: left, bottom, right and top, in points."""
    return tuple(float(edge) for edge in page.obj["/CropBox"])


def turned(page: Page) -> int:
    """Return by how much a mended page is turned when seen: 0, 90, 180 or 270 degrees."""
    return int(page.obj["/Rotate"])


def _overlap(media, crop) -> tuple[float, float, float, float]:
    """Return what is seen of a page: the overlap of its boxes.

    Corners may be swapped, a box may be larger than its page, or there may be none: A4 then.
    """
    media = media or (0.0, 0.0, *map(float, A4))
    crop = crop or media
    overlap = (*map(max, media[:2], crop[:2]), *map(min, media[2:], crop[2:]))
    return overlap if _has_room(overlap) else media


def _read_angle(value) -> int:
    """Return a rotation; an angle that is no quarter turn turns nothing, as viewers have it."""
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
    """Return the drawing of a page as it is: its streams."""
    found = page.obj.get("/Contents")
    parts = list(found) if isinstance(found, Array) else [found]
    return [part for part in parts if isinstance(part, Stream)]


def is_balanced(streams: list[Stream]) -> bool:
    """Return whether the drawing closes each state and text that it opens, and no other.

    Where it cannot be told, it is not: what is then done does no harm.
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
    """Return the drawing of a page as an object of its own, which leaves no state behind.

    :return: None where it cannot be read: it is then drawn as it is
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
    """Take off what an annotation does; return whether it has something left to show.

    The field of a form, or a signature, stays as the picture of itself.
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
