"""A page stays readable whatever names it shows, and says the same."""

import re
import time

import pytest

from core.readable import BREAK, LONGEST, make_readable


def words(page):
    """Return the text of a page, as it is copied from it."""
    return re.sub(r"<[^>]*>", "", page).replace(BREAK, "")


def test_what_fits_a_line_stays_as_it_is():
    for text in ("FR76 3000 6000 0112 3456 7890 189", "compta@" + "x" * 93, "A" * LONGEST):
        assert make_readable(f"<p>{text}</p>") == f"<p>{text}</p>"


@pytest.mark.parametrize("text", ["A" * 10_000, "é" * 101, "&lt;script&gt;" * 40, "&amp;" * 500])
def test_a_long_word_may_break_and_is_the_same_word(text):
    page = make_readable(f"<td>{text}</td>")
    assert BREAK in page
    assert words(page) == text
    assert not re.search(rf"&[^;\s<]{{0,8}}{BREAK}", page), "an entity was cut"
    parts = re.split(rf"</?\w+>|{BREAK}", page)
    assert max(len(re.sub(r"&[^;]+;", "x", part)) for part in parts) <= LONGEST


def test_attributes_are_left_alone():
    picture = f'<img src="data:image/png;base64,{"A" * 5000}" alt="{"B" * 100}">'
    assert make_readable(f"<p>{picture}</p>") == f"<p>{picture}</p>"


@pytest.mark.parametrize("mark", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_nothing_turns_the_direction_of_what_follows(mark):
    assert make_readable(f"<p>Total {mark}100 €</p>") == "<p>Total 100 €</p>"


@pytest.mark.parametrize(
    "article", ["L. 441-10 II", "L.\xa0441-10", "D. 441-5", "R. 2192-31", "L. 622-24", "R. 131-1-2"]
)
def test_an_article_of_law_stays_on_its_line(article):
    page = make_readable(f'<p title="{article}">articles {article} du code</p>')
    whole = f'<span style="white-space:nowrap">{article}</span>'
    assert page == f'<p title="{article}">articles {whole} du code</p>'


def test_what_is_no_article_is_left_alone():
    for text in ("L. du 12-05", "REL. 2026-01 A", "R.441-10x", "441-10", "L. 441"):
        assert make_readable(f"<p>{text}</p>") == f"<p>{text}</p>"


def test_arabic_and_hebrew_stay():
    for text in ("شركة الاختبار", "שלום", "Zo\u200fé"):
        assert make_readable(f"<p>{text}</p>") == f"<p>{text}</p>"


def test_a_large_page_takes_no_time():
    page = f"<p>{'word ' * 200}</p>" * 2000 + f"<p>{'A' * 200_000}</p>" + "&" * 200_000
    started = time.process_time()
    make_readable(page)
    assert time.process_time() - started < 2
