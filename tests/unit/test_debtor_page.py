"""What a debtor may ask on his page, the sum he types in words, the address of the page, files."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfWriter

from core.debtor_requests import (
    KINDS,
    Limits,
    Standing,
    check_paid_on,
    judge_plan,
    judge_promise,
    least_first,
    offered,
)
from core.filenames import received_name
from core.public_address import find_problem
from core.typed_sum import says_the_same
from core.typed_values import RefusedError, read_amount, read_count, read_day, read_text
from core.words import euros
from dossier.received import MOST, NotTakenError, read_received

TODAY = date(2026, 6, 1)
FREE = Limits(promise="apply", plan="apply")


# -- The address -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("https://compta.exemple.fr", ""),
        ("https://compta.exemple.fr:8443/", ""),
        ("https://93.184.216.34", ""),
        ("http://compta.exemple.fr", "plain"),
        ("http://localhost:8069", "private"),
        ("https://localhost", "private"),
        ("https://odoo", "private"),
        ("https://odoo.lan", "private"),
        ("https://192.168.1.20:8069", "private"),
        ("https://[::1]", "private"),
        ("https://[fd00::1]", "private"),
        ("https://169.254.1.1", "private"),
        ("", "none"),
        ("compta.exemple.fr", "none"),
        ("ftp://compta.exemple.fr", "none"),
        ("https://", "none"),
        ("https://x:port", "none"),
        ("https://[bad", "none"),
        (None, "none"),
    ],
)
def test_only_a_public_and_encrypted_address_stands_in_a_letter(address, problem):
    assert find_problem(address) == problem


@pytest.mark.parametrize("address", ["http://localhost:8069", "http://127.0.0.1:18100"])
def test_a_demonstration_takes_its_own_machine_and_no_other(address):
    assert find_problem(address, loopback=True) == ""
    assert find_problem("http://192.168.1.20", loopback=True) == "private"


# -- The sum in words ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "typed"),
    [
        ("1234.50", "Mille deux cent trente-quatre euros et cinquante centimes"),
        ("1234.50", "mille  deux-cents-trente-quatre euro, cinquante centime"),
        ("1280.00", "MILLE DEUX CENT QUATRE-VINGTS EUROS"),
        ("1280.00", "mille deux cents quatre vingt euros"),
        ("40", "quarante euros et zéro centime"),
        ("21", "vingt et un euros"),
        ("1000000", "un million d’euros"),
    ],
)
def test_the_same_sum_is_found_however_it_is_spelled(amount, typed):
    assert says_the_same(typed, euros(Decimal(amount)))


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "1280 euros", "mille deux cent quatre-vingt-un euros", "mille euros"),
        *("mille deux cent quatre-vingts", "mille deux cent quatre-vingts dollars", None, 1280),
        *(["mille"], "x" * 400, "mille deux cent quatre-vingts euros et un centime"),
    ],
)
def test_another_sum_figures_or_nothing_are_not_that_sum(typed):
    assert not says_the_same(typed, euros(Decimal("1280.00")))


def test_nothing_is_the_same_as_a_sum_without_words():
    assert not says_the_same("euros", "")


# -- What is offered and judged --------------------------------------------------------------------


@pytest.mark.parametrize("regime", ["b2b", "b2c", None])
def test_a_debtor_may_ask_all_that_his_policy_offers(regime):
    assert set(offered(regime, False, Limits())) == set(KINDS)
    assert "promise" not in offered(regime, False, Limits(promise="none"))
    assert "plan" not in offered(regime, False, Limits(plan="none"))


def test_a_public_body_promises_nothing_and_agrees_on_nothing():
    assert offered("b2g", False, FREE) == ("paid", "dispute", "contact", "message")


@pytest.mark.parametrize("regime", ["b2b", "b2g", "b2c", None])
def test_of_an_insolvent_debtor_nothing_is_asked(regime):
    assert offered(regime, True, FREE) == ("contact", "message")


@pytest.mark.parametrize(
    ("limits", "standing", "amount", "mode"),
    [
        (FREE, Standing(), "5000", "apply"),
        (FREE, Standing(), "5000.01", "accept"),
        (FREE, Standing(formal=True), "10", "accept"),
        (FREE, Standing(broken=1), "10", "accept"),
        (Limits(), Standing(), "10", "accept"),
    ],
)
def test_inside_the_limits_a_promise_or_plan_applies_by_itself(limits, standing, amount, mode):
    day, total = date(2026, 6, 16), Decimal(amount)
    assert judge_promise(day, total, TODAY, limits, standing) == mode
    if total >= 300:
        assert judge_plan(total, 3, total / 2, limits, standing) == mode


@pytest.mark.parametrize(
    ("day", "word"),
    [(date(2026, 5, 31), "past"), (date(2026, 6, 17), "far"), (date(9999, 12, 31), "far")],
)
def test_a_promise_is_for_a_day_within_the_policy(day, word):
    with pytest.raises(RefusedError, match=word):
        judge_promise(day, Decimal(10), TODAY, FREE, Standing())


@pytest.mark.parametrize(
    ("total", "count", "first", "word"),
    [
        ("299.99", 3, "100", "small"),
        ("900", 1, "900", "count"),
        ("900", 7, "300", "count"),
        ("900", 3, "179.99", "first"),
        ("900", 3, "900", "first"),
        ("900", 3, "1000", "first"),
    ],
)
def test_a_plan_keeps_the_limits_of_the_policy(total, count, first, word):
    with pytest.raises(RefusedError, match=word):
        judge_plan(Decimal(total), count, Decimal(first), FREE, Standing())


def test_the_least_first_payment_is_rounded_up():
    assert least_first(Decimal("333.33"), Limits(plan_first=10)) == Decimal("33.34")


# -- What is typed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["0", "-5", "1e5", "NaN", "1,234,5", "١٢", "9" * 40, "12.345", 7])
def test_an_odd_amount_is_refused(text):
    with pytest.raises(RefusedError, match="amount"):
        read_amount(text)


@pytest.mark.parametrize("text", ["", None, "2026-02-30", "01/06/2026", "2026-6-1", {"a": 1}])
def test_an_odd_day_is_refused(text):
    with pytest.raises(RefusedError, match="day"):
        read_day(text)


@pytest.mark.parametrize("text", ["", None, "3.5", "-3", "9999", "three", ["3"]])
def test_an_odd_number_is_refused(text):
    with pytest.raises(RefusedError, match="count"):
        read_count(text)


@pytest.mark.parametrize("text", ["x" * 2001, {"a": 1}, 7, ["x"]])
def test_an_odd_text_is_refused(text):
    with pytest.raises(RefusedError, match="text"):
        read_text(text)


def test_what_is_not_seen_in_a_text_is_left_out():
    assert read_text("a\x00b\u202ec\r\nd ") == "abc\nd"


@pytest.mark.parametrize(
    ("day", "word"), [(date(2026, 6, 2), "future"), (date(2025, 5, 30), "old")]
)
def test_a_payment_was_made_lately(day, word):
    check_paid_on(TODAY, TODAY)
    with pytest.raises(RefusedError, match=word):
        check_paid_on(day, TODAY)


# -- Files -----------------------------------------------------------------------------------------


def picture(kind):
    stream = BytesIO()
    Image.new("RGB", (20, 20), "red").save(stream, kind)
    return stream.getvalue()


def paper():
    stream, writer = BytesIO(), PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [
        ("proof.pdf", paper(), ("proof.pdf", "application/pdf")),
        ("../../etc/proof.exe", paper(), ("proof.pdf", "application/pdf")),
        ("x.html", picture("PNG"), ("x.png", "image/png")),
        ("", picture("JPEG"), ("document.jpg", "image/jpeg")),
        ("C:\\me\\photo.JPG", picture("JPEG"), ("photo.jpg", "image/jpeg")),
    ],
)
def test_the_content_of_a_file_says_what_it_is(name, data, kept):
    kind, extension = read_received(data)
    assert (received_name(name, extension), kind) == kept


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "kind"),
        (b"<html><script>alert(1)</script></html>", "kind"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "kind"),
        (b"%PDF-1.7 nothing", "kind"),
        (picture("GIF"), "kind"),
        (picture("PNG")[:40], "kind"),
        (b"MZ\x90\x00", "kind"),
        (b"%PDF-" + b"0" * MOST, "large"),
    ],
)
def test_other_files_are_not_taken(data, word):
    with pytest.raises(NotTakenError, match=word):
        read_received(data)
