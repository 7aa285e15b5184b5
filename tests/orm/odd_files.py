"""Files as customers scan them, made by hand. Here, so that Odoo's own runner finds them too."""

from io import BytesIO


def raw_pdf(*objects, before=b""):
    """Return a PDF with these objects, the first being its catalogue."""
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n" % (len(objects) + 1, start)
    return before + out + b"%%EOF\n"


def stream(data):
    return b"<</Length %d>>stream\n" % len(data) + data + b"\nendstream"


TEXT = b"BT /F1 18 Tf 60 700 Td (Bon de livraison) Tj ET"
FONTS = b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"


def one_page(entries=b"/MediaBox[0 0 595 842]", drawing=TEXT, fonts=FONTS, catalogue=b"", *more):
    """Return a PDF of one page with these entries."""
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R" + catalogue + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R" + fonts + entries + b">>",
        stream(drawing),
        *more,
    )


SIGNED = (
    b"/MediaBox[0 0 595 842]/Annots[5 0 R]",
    TEXT,
    FONTS,
    b"/AcroForm<</SigFlags 3/Fields[5 0 R]>>",
    b"<</Type/Annot/Subtype/Widget/FT/Sig/T(s)/F 4/Rect[50 50 250 110]/V 6 0 R/AP<</N 7 0 R>>>>",
    b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 1 2 3]"
    b"/Contents<00>>>",
    b"<</Type/XObject/Subtype/Form/BBox[0 0 200 60]/Length 24>>stream\n"
    b"0 0 1 rg 0 0 200 60 re f\nendstream",
)


def saved(image, kind="PNG", **options):
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
