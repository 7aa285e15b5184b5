"""What a public page may send as a signature, a name and a capacity."""

from base64 import b64encode
from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFont

from core.signer import MOST, read_signer
from dossier.signature import ENCODED_MOST, NoSignature, read_signature

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def encoded(image, kind="PNG"):
    stream = BytesIO()
    image.save(stream, kind)
    return b64encode(stream.getvalue()).decode()


def paper(mode="RGBA", size=(300, 100), ground=(255, 255, 255, 0)):
    return Image.new(mode, size, ground if mode == "RGBA" else ground[:3])


def drawn(image=None, ink="navy"):
    """Return a line drawn with a pen, as the page draws it."""
    image = image or paper()
    ImageDraw.Draw(image).line([(20, 70), (60, 20), (90, 80), (140, 30)], fill=ink, width=2)
    return image


def typed():
    image = paper()
    ImageDraw.Draw(image).text(
        (20, 20), "Jeanne Martin", fill="navy", font=ImageFont.load_default(30)
    )
    return image


@pytest.mark.parametrize(
    "signature",
    [
        encoded(drawn()),
        encoded(typed()),
        encoded(drawn(paper("RGB")), "JPEG"),
        encoded(drawn(paper("RGB", ground=(150, 150, 150)), ink="black"), "JPEG"),  # a photograph
        encoded(drawn(paper("RGB", ground=(10, 10, 10)), ink="white")),
        encoded(drawn(paper("RGB")).convert("P")),
    ],
    ids=["drawn", "typed", "jpeg", "photograph", "white on black", "palette"],
)
def test_a_drawn_or_typed_signature_is_kept_as_a_picture_of_its_own(signature):
    with Image.open(BytesIO(read_signature(signature))) as kept:
        assert (kept.format, kept.mode) == ("PNG", "RGB")
        assert len(kept.getcolors(100000)) > 1


@pytest.mark.parametrize(
    ("signature", "reason"),
    [
        (None, "missing"),
        ("", "missing"),
        (b"bytes", "missing"),
        ({"a": 1}, "missing"),
        (["x"], "missing"),
        (12, "missing"),
        (True, "missing"),
        ("x" * (ENCODED_MOST + 1), "large"),
        (encoded(paper(size=(3001, 10))), "large"),
        (encoded(paper("RGB", size=(2900, 2900))), "large"),
        ("no picture", "unreadable"),
        ("é", "unreadable"),
        ("\x00", "unreadable"),
        (b64encode(SVG).decode(), "unreadable"),
        ("data:image/png;base64," + encoded(drawn()), "unreadable"),
        (b64encode(b"\x89PNG\r\n\x1a\n").decode(), "unreadable"),
        (encoded(drawn())[:200], "unreadable"),
        (encoded(drawn(paper("RGB")), "GIF"), "unreadable"),
        (encoded(drawn(paper("RGB")), "BMP"), "unreadable"),
        (encoded(drawn(paper("RGB")), "WEBP"), "unreadable"),
        (encoded(paper(size=(1, 1))), "blank"),
        (encoded(paper("RGB", size=(1, 1), ground=(0, 0, 0))), "blank"),
        (encoded(paper()), "blank"),
        (encoded(paper("RGB")), "blank"),
        (encoded(paper("RGB", ground=(0, 0, 120))), "blank"),
        (encoded(drawn(ink=(255, 255, 255, 255))), "blank"),
        (encoded(drawn(paper("RGB"), ink=(240, 240, 240))), "blank"),
    ],
)
def test_what_is_no_signature_is_refused_with_its_reason(signature, reason):
    with pytest.raises(NoSignature) as refusal:
        read_signature(signature)
    assert str(refusal.value) == reason


def test_a_dot_is_blank_and_so_is_a_picture_full_of_colours():
    dot, full = paper(), paper("RGB")
    ImageDraw.Draw(dot).rectangle([10, 10, 17, 17], fill="navy")
    ImageDraw.Draw(full).rectangle([0, 0, 140, 100], fill="navy")
    ImageDraw.Draw(full).rectangle([141, 0, 270, 100], fill="red")
    for image in (dot, full):
        with pytest.raises(NoSignature, match="blank"):
            read_signature(encoded(image))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jeanne Martin", "Jeanne Martin"),
        ("  Jeanne\n Martin\t", "Jeanne Martin"),
        ("Łukasz Ó’Néill-Dupré", "Łukasz Ó’Néill-Dupré"),
        ("李娜", "李娜"),
        ("Gérante", "Gérante"),
        ("x" * MOST, "x" * MOST),
    ],
)
def test_a_name_is_read_on_one_line(text, expected):
    assert read_signer(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " ",
        "x",
        "12 34",
        "…",
        "x" * (MOST + 1),
        "x " * 50000,
        "x" * 100000,
        {"a": 1},
        ["Jeanne"],
        7,
        True,
        b"Jeanne",
        "Jeanne\u202eMartin",
        "Jeanne\x00Martin",
        "Jeanne\x1bMartin",
        "Jeanne\ud800",
    ],
)
def test_what_is_no_name_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        read_signer(text)
