"""Pages as they come from scanners and other people's programs, made fit to stand in a whole.

What a page shows stays; what viewers guess each in their own way (boxes, rotation, open graphics
states) is written down, and what would act by itself or is broken by copying is left out: scripts,
launched programs, embedded files, the fields of a form and its signatures.
"""

from __future__ import annotations

import re
from contextlib import suppress

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
)
from reportlab.lib.pagesizes import A4

from .reading import UNREADABLE

LEAST = 1.0  # points: a box thinner than this is none
# What stands on a page but acts by itself, or carries a file along.
ACTING = {"/RichMedia", "/Screen", "/Movie", "/Sound", "/FileAttachment", "/3D"}
HARMLESS = {"/GoTo", "/URI"}  # what a link may still do
OF_A_FIELD = ("/FT", "/T", "/TU", "/TM", "/V", "/DV", "/Ff", "/Parent", "/Kids", "/MK", "/DA")
UNSCANNED = 4_000_000  # bytes of drawing beyond which balance is not looked for, but provided for
_NOT_OPERATORS = re.compile(
    rb"%[^\r\n]*|\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>|\bBI\b.*?\bID\b.*?\bEI\b", re.DOTALL
)
_OPERATORS = re.compile(rb"(?<![^\s\[\]<>()/{}])(?:q|Q|BT|ET)(?![^\s\[\]<>()/{}])")


def mend(reader: PdfReader) -> PdfReader:
    """Make a document fit to be copied, page by page; what is not copied leaves nothing behind.

    What it does by itself and its form are taken off; what its pages leave open is written down.
    """
    for name in ("/AcroForm", "/OpenAction", "/AA", "/Names", "/Outlines"):
        reader.root_object.pop(name, None)
    for page in reader.pages:
        page.pop("/AA", None)
        page[NameObject("/Rotate")] = NumberObject(turned(page))
        _set_boxes(page)
        set_resources(page)
        _set_annotations(page)
    return reader


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


def visible_box(page: PageObject) -> tuple[float, float, float, float]:
    """Return what is seen of a page: the overlap of its boxes, left, bottom, right and top.

    Corners may be swapped, a box may be larger than its page, or there may be none: A4 then.
    """
    media = _box(page, "/MediaBox") or (0.0, 0.0, *map(float, A4))
    crop = _box(page, "/CropBox") or media
    overlap = (*map(max, media[:2], crop[:2]), *map(min, media[2:], crop[2:]))
    return overlap if _has_room(overlap) else media


def turned(page: PageObject) -> int:
    """Return by how much a page is turned when seen: 0, 90, 180 or 270 degrees.

    An angle that is no quarter turn turns nothing, as viewers have it.
    """
    with suppress(*UNREADABLE):
        angle = float(_resolve(page.get("/Rotate")) or 0)
        if angle % 90 == 0:
            return int(angle) % 360
    return 0


def _box(page: PageObject, name: str) -> tuple[float, float, float, float] | None:
    with suppress(*UNREADABLE):
        edges = [float(_resolve(edge)) for edge in _resolve(page.get(name)) or []]
        if len(edges) == 4 and all(abs(edge) < 1e6 for edge in edges):
            x0, y0, x1, y1 = edges
            box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            return box if _has_room(box) else None
    return None


def _has_room(box: tuple[float, ...]) -> bool:
    return box[2] - box[0] >= LEAST and box[3] - box[1] >= LEAST


def _set_boxes(page: PageObject) -> None:
    media = _box(page, "/MediaBox") or (0.0, 0.0, *map(float, A4))
    for name, box in (("/MediaBox", media), ("/CropBox", visible_box(page))):
        page[NameObject(name)] = ArrayObject(FloatObject(edge) for edge in box)
    for name in ("/BleedBox", "/TrimBox", "/ArtBox"):
        page.pop(name, None)


# -- Contents -----------------------------------------------------------------------------------


def set_resources(page: PageObject) -> None:
    """Give a page the resources that it lacks: a dictionary, and one of fonts in it."""
    resources = _resolve(page.get("/Resources"))
    if not isinstance(resources, DictionaryObject):
        page[NameObject("/Resources")] = resources = DictionaryObject()
    if not isinstance(_resolve(resources.get("/Font")), DictionaryObject):
        resources[NameObject("/Font")] = DictionaryObject()


def contents(page: PageObject) -> list:
    """Return the drawing of a page as it is: its streams, as references where they are."""
    raw = page.raw_get("/Contents") if "/Contents" in page else None
    found = _resolve(raw)
    parts = list(found) if isinstance(found, ArrayObject) else [raw]
    return [part for part in parts if isinstance(_resolve(part), StreamObject)]


def is_balanced(streams: list) -> bool:
    """Return whether the drawing closes each state and text that it opens, and no other.

    Where it cannot be told, it is not: what is then done does no harm.
    """
    try:
        data = b"\n".join(_resolve(stream).get_data() for stream in streams)
    except UNREADABLE:
        return False
    if len(data) > UNSCANNED:
        return False
    depth = texts = 0
    for operator in _OPERATORS.findall(_NOT_OPERATORS.sub(b" ", data)):
        depth += {b"q": 1, b"Q": -1}.get(operator, 0)
        texts += {b"BT": 1, b"ET": -1}.get(operator, 0)
        if depth < 0 or texts not in (0, 1):
            return False
    return depth == 0 and texts == 0


def as_one_object(writer: PdfWriter, page: PageObject, streams: list) -> StreamObject | None:
    """Return the drawing of a page as an object of its own, which leaves no state behind.

    :return: None where it cannot be read: it is then drawn as it is
    """
    try:
        data = b"\n".join(_resolve(stream).get_data() for stream in streams)
    except UNREADABLE:
        return None
    drawing = StreamObject()
    drawing.set_data(data)
    drawing.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): page["/MediaBox"],
            NameObject("/Resources"): page.raw_get("/Resources"),
        }
    )
    return writer._add_object(drawing.flate_encode())


# -- Annotations --------------------------------------------------------------------------------


def _set_annotations(page: PageObject) -> None:
    kept = ArrayObject()
    with suppress(*UNREADABLE):
        for reference in _resolve(page.get("/Annots")) or []:
            annotation = _resolve(reference)
            if isinstance(annotation, DictionaryObject) and _calm(annotation):
                kept.append(reference)
    if kept:
        page[NameObject("/Annots")] = kept
    else:
        page.pop("/Annots", None)


def _calm(annotation: DictionaryObject) -> bool:
    """Take off what an annotation does; return whether it has something left to show.

    The field of a form, or a signature, stays as the picture of itself.
    """
    kind = annotation.get("/Subtype")
    if kind in ACTING:
        return False
    annotation.pop("/AA", None)
    action = _resolve(annotation.get("/A"))
    if not isinstance(action, DictionaryObject) or action.get("/S") not in HARMLESS:
        annotation.pop("/A", None)
    else:
        action.pop("/Next", None)
    if kind != "/Widget":
        return True
    for name in OF_A_FIELD:
        annotation.pop(name, None)
    annotation[NameObject("/Subtype")] = NameObject("/Stamp")
    return "/AP" in annotation
