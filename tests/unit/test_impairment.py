"""Doubtful customers: bases, the matrix, and three closings computed by hand."""

from decimal import Decimal

import pytest

from core.impairment import (
    GROUNDS,
    Rule,
    Taxes,
    depreciation,
    propose,
    set_off,
    split,
)


def money(text):
    return Decimal(text)


def invoice(total, declared=None, waiting=None):
    return Taxes(
        money(total),
        {tax: money(amount) for tax, amount in (declared or {}).items()},
        {tax: money(amount) for tax, amount in (waiting or {}).items()},
    )


# claim, invoice, base, VAT declared, VAT due on payment
SPLITS = {
    "one rate": ("1200.00", invoice("1200.00", {20: "200.00"}), "1000.00", "200.00", "0.00"),
    "half paid": ("600.00", invoice("1200.00", {20: "200.00"}), "500.00", "100.00", "0.00"),
    # 1,000 at 20 % and 100 at 10 %: 1,310; half is left, each rate half.
    "two rates": (
        "655.00",
        invoice("1310.00", {20: "200.00", 10: "10.00"}),
        "550.00",
        "105.00",
        "0.00",
    ),
    # A service whose VAT is due on payment: nothing to get back, and nothing lost of it either.
    "on payment": ("1200.00", invoice("1200.00", {}, {20: "200.00"}), "1000.00", "0.00", "200.00"),
    "both": (
        "2400.00",
        invoice("2400.00", {20: "200.00"}, {21: "200.00"}),
        "2000.00",
        "200.00",
        "200.00",
    ),
    "no tax": ("100.00", invoice("100.00"), "100.00", "0.00", "0.00"),
    # A third of 100.00 at 20 %: the tax is rounded, the base is the rest.
    "a cent": ("40.00", invoice("120.01", {20: "20.00"}), "33.33", "6.67", "0.00"),
    "opening balance": ("500.00", invoice("0.00"), "500.00", "0.00", "0.00"),
}


@pytest.mark.parametrize("case", SPLITS)
def test_a_claim_is_cut_as_its_invoice_is(case):
    claim, taxes, base, declared, waiting = SPLITS[case]
    found = split(money(claim), taxes)
    assert found.base == money(base)
    assert sum(found.declared.values(), Decimal(0)) == money(declared)
    assert sum(found.waiting.values(), Decimal(0)) == money(waiting)
    parts = [found.base, *found.declared.values(), *found.waiting.values()]
    assert sum(parts) == money(claim)


def test_a_currency_without_cents_keeps_none():
    found = split(money("50"), invoice("110", {10: "10"}), step=Decimal(1))
    assert (found.base, found.declared[10]) == (Decimal(45), Decimal(5))


@pytest.mark.parametrize(
    ("claim", "taxes"),
    [("-1.00", invoice("1.00")), ("1.00", invoice("1.00", {20: "2.00"}))],
)
def test_what_cannot_be_is_refused(claim, taxes):
    with pytest.raises(ValueError, match=r"negative|beyond"):
        split(money(claim), taxes)


@pytest.mark.parametrize(
    ("claims", "paid", "left"),
    [
        (["100.00", "50.00"], "0.00", ["100.00", "50.00"]),
        (["100.00", "50.00"], "120.00", ["0.00", "30.00"]),
        (["100.00", "50.00"], "500.00", ["0.00", "0.00"]),
        ([], "10.00", []),
    ],
)
def test_money_not_allocated_covers_the_oldest(claims, paid, left):
    assert set_off([money(each) for each in claims], money(paid)) == [money(e) for e in left]


MATRIX = (
    Rule("liquidation", 0, Decimal(100)),
    Rule("receivership", 0, Decimal(50)),
    Rule("court", 0, Decimal(50)),
    Rule("formal_notice", 0, Decimal(25)),
    Rule("dispute", 0, Decimal(0)),
    Rule("age", 180, Decimal(25)),
    Rule("age", 365, Decimal(50)),
)


@pytest.mark.parametrize(
    ("grounds", "days", "treatment", "percent", "ground"),
    [
        ([], 0, "keep", "0", None),
        ([], 179, "keep", "0", None),
        ([], 180, "provision", "25", "age"),
        ([], 365, "provision", "50", "age"),
        (["dispute"], 10, "doubtful", "0", "dispute"),
        (["dispute"], 200, "provision", "25", "age"),
        (["formal_notice"], 60, "provision", "25", "formal_notice"),
        (["court", "formal_notice"], 60, "provision", "50", "court"),
        (["receivership", "court"], 400, "provision", "50", "receivership"),
        (["liquidation", "dispute"], 5, "provision", "100", "liquidation"),
        (["safeguard"], 5, "keep", "0", None),
    ],
)
def test_the_matrix_proposes_and_says_why(grounds, days, treatment, percent, ground):
    found = propose(grounds, days, MATRIX)
    assert (found.treatment, found.percent) == (treatment, Decimal(percent))
    assert (found.rule and found.rule.ground) == ground


def test_an_empty_matrix_proposes_nothing():
    assert propose(GROUNDS, 5000, ()).treatment == "keep"


@pytest.mark.parametrize(("ground", "percent"), [("rumour", "10"), ("age", "101"), ("age", "-1")])
def test_a_rule_that_means_nothing_is_refused(ground, percent):
    with pytest.raises(ValueError, match=r"ground|whole|negative"):
        Rule(ground, 0, Decimal(percent))


def test_three_closings_of_one_customer_by_hand():
    """One customer, three invoices, three closings.

    A: 1,200.00 = 1,000 + 200 (20 %). B: 1,310.00 = 1,100 + 200 (20 %) + 10 (10 %).
    C: 600.00 = 500 + 100 whose VAT is due on payment.

    =========  ========  ========  ========  ==========  ======  =====  ============  ==========
    closing    A left    B left    C left    claim (416)  VAT    base   rate          491 wanted
    =========  ========  ========  ========  ==========  ======  =====  ============  ==========
    31/12/24   1,200.00  1,310.00    600.00    3,110.00  410.00  2,600  age, 25 %         650.00
    31/12/25     600.00  1,310.00    600.00    2,510.00  310.00  2,100  court, 50 %     1,050.00
    31/12/26     600.00    655.00      0.00    1,255.00  205.00  1,050  liquid., 100 %  1,050.00
    =========  ========  ========  ========  ==========  ======  =====  ============  ==========

    Booked: 3,110.00 then −600.00 then −1,255.00 on 416; 650.00, then 400.00 more, then nothing.
    The column VAT is what was declared (A and B); that of C waits: 100.00, 100.00, 0.00.
    """
    a = invoice("1200.00", {20: "200.00"})
    b = invoice("1310.00", {20: "200.00", 10: "10.00"})
    c = invoice("600.00", {}, {21: "100.00"})
    closings = [
        (("1200.00", "1310.00", "600.00"), [], 200, "410.00", "2600.00", "650.00"),
        (("600.00", "1310.00", "600.00"), ["court"], 565, "310.00", "2100.00", "1050.00"),
        (("600.00", "655.00", "0.00"), ["liquidation"], 930, "205.00", "1050.00", "1050.00"),
    ]
    moved, provided, booked = Decimal(0), Decimal(0), []
    for lefts, grounds, days, vat, base, wanted in closings:
        claims = [money(each) for each in lefts]
        cut = [split(claim, taxes) for claim, taxes in zip(claims, (a, b, c), strict=True)]
        assert sum(sum(each.declared.values(), Decimal(0)) for each in cut) == money(vat)
        total = sum(each.base for each in cut)
        assert total == money(base)
        target = depreciation(total, propose(grounds, days, MATRIX).percent)
        assert target == money(wanted)
        booked.append((sum(claims) - moved, target - provided))
        moved, provided = sum(claims), target
    assert booked == [
        (money("3110.00"), money("650.00")),
        (money("-600.00"), money("400.00")),
        (money("-1255.00"), money("0.00")),
    ]


def test_a_depreciation_is_rounded_half_up():
    assert depreciation(money("33.33"), Decimal(50)) == money("16.67")
