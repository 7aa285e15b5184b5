"""What one customer is written today: claimed, listed apart, level taken."""

import itertools

from core.schedule import Level
from core.spec.composition import Item, Line, compose

from .samples import day

TODAY = day("2026-05-20")
COURTESY = Level("courtesy", -5)
FIRST, FIRM = Level("reminder", 5), Level("reminder", 15)
REGISTERED, FORMAL = Level("registered", 30), Level("formal_notice", 45)


def overdue(key, level=None, reached=None, **flags):
    return Item(key, day("2026-03-31"), level, reached, **flags)


def coming(key, level=None, reached=COURTESY, due="2026-05-25", **flags):
    return Item(key, day(due), level, reached, **flags)


def lines(*items, **options):
    notice = compose(items, TODAY, **options)
    return notice and [tuple(line) for line in notice.lines]


def test_no_item_no_notice():
    assert compose([], TODAY) is None


def test_overdue_items_that_reach_nothing_are_not_written_about():
    assert compose([overdue("a", FIRST)], TODAY) is None


# reminder


def test_a_reminder_claims_every_overdue_item_and_each_takes_its_own_level():
    items = overdue("a", None, FIRST), overdue("b", FIRST, FIRM), overdue("c", FIRST), overdue("d")
    notice = compose(items, TODAY)
    assert (notice.tone, notice.level) == ("reminder", FIRM)
    assert notice.lines == (
        Line("a", True, FIRST),
        Line("b", True, FIRM),
        Line("c", True, None),
        Line("d", True, None),
    )


def test_a_reminder_leaves_an_item_under_formal_notice_at_its_level():
    assert lines(overdue("a", None, FIRST), overdue("b", FORMAL)) == [
        ("a", True, FIRST),
        ("b", True, None),
    ]


def test_a_reminder_says_nothing_of_items_not_yet_due():
    assert lines(overdue("a", None, FIRST), coming("b"), coming("c", reached=None)) == [
        ("a", True, FIRST)
    ]


def test_the_due_date_is_not_late():
    due_today = coming("b", due="2026-05-20", reached=None)
    assert lines(overdue("a", None, FIRST), due_today) == [("a", True, FIRST)]
    assert lines(due_today._replace(reached=FIRST)) is None


# registered letter and formal notice


def test_a_formal_notice_claims_what_was_reminded_and_all_take_its_level():
    items = overdue("a", REGISTERED, FORMAL), overdue("b", FIRST), overdue("c", FIRM, REGISTERED)
    notice = compose(items, TODAY)
    assert (notice.tone, notice.level) == ("formal_notice", FORMAL)
    assert notice.lines == tuple(Line(key, True, FORMAL) for key in "abc")


def test_a_formal_notice_lists_apart_what_was_never_reminded():
    items = overdue("a", REGISTERED, FORMAL), overdue("b"), overdue("c", None, FIRST)
    assert lines(*items, overdue("d", COURTESY)) == [
        ("a", True, FORMAL),
        ("b", False, None),
        ("c", False, None),
        ("d", False, None),
    ]


def test_a_registered_letter_leaves_an_item_under_formal_notice_at_its_level():
    assert lines(overdue("a", FIRM, REGISTERED), overdue("b", FORMAL)) == [
        ("a", True, REGISTERED),
        ("b", True, None),
    ]


def test_an_item_already_at_the_level_of_the_notice_does_not_take_it_twice():
    assert lines(overdue("a", REGISTERED, FORMAL), overdue("b", FORMAL)) == [
        ("a", True, FORMAL),
        ("b", True, None),
    ]


def test_a_policy_that_starts_with_a_registered_letter_is_obeyed():
    assert lines(overdue("a", None, REGISTERED), overdue("b")) == [
        ("a", True, REGISTERED),
        ("b", False, None),
    ]


def test_two_items_that_reach_the_same_tone_take_the_higher_level():
    higher = Level("registered", 40)
    assert lines(overdue("a", None, REGISTERED), overdue("b", REGISTERED, higher)) == [
        ("a", True, higher),
        ("b", True, higher),
    ]


# courtesy


def test_a_courtesy_speaks_of_the_items_that_reach_it_only():
    later = Level("courtesy", -2)
    items = coming("a"), coming("b", COURTESY, later), coming("c", reached=None)
    notice = compose(items, TODAY)
    assert (notice.tone, notice.level) == ("courtesy", later)
    assert notice.lines == (Line("a", True, COURTESY), Line("b", True, later))


def test_a_courtesy_may_leave_on_the_due_date():
    assert lines(coming("a", due="2026-05-20")) == [("a", True, COURTESY)]


def test_a_courtesy_may_leave_while_an_overdue_item_waits_for_its_next_level():
    assert lines(coming("a"), overdue("b", FIRST)) == [("a", True, COURTESY)]


def test_no_courtesy_on_the_day_of_a_notice_about_overdue_items():
    assert lines(coming("a"), overdue_notice_today=True) is None


def test_no_courtesy_while_a_formal_notice_is_unpaid():
    assert lines(coming("a"), overdue("b", FORMAL)) is None
    assert lines(coming("a"), overdue("b", FORMAL, held=True)) is None


def test_a_formal_notice_that_was_paid_forbids_nothing():
    assert lines(coming("a"), overdue("b", FORMAL, open=False)) == [("a", True, COURTESY)]


# what is not chased


def test_what_is_paid_or_on_hold_is_not_claimed():
    items = overdue("a", None, FIRST), overdue("b", held=True), overdue("c", open=False)
    assert lines(*items) == [("a", True, FIRST)]


def test_what_is_paid_or_on_hold_gives_no_tone():
    items = overdue("b", REGISTERED, FORMAL, held=True), overdue("c", FIRST, FIRM, open=False)
    assert lines(overdue("a", None, FIRST), *items) == [("a", True, FIRST)]


# levels that do not suit


def test_a_level_that_does_not_suit_its_item_counts_as_not_reached():
    assert lines(overdue("a", None, COURTESY)) is None
    assert lines(coming("a", reached=FIRST)) is None
    assert lines(overdue("a", FIRM, FIRST)) is None
    assert lines(overdue("a", FIRM, FIRM)) is None


# order


def test_lines_are_by_due_date_then_key_whatever_the_order_of_the_items():
    items = [overdue("b", None, FIRST), overdue("a"), Item("c", day("2026-02-28"))]
    for order in itertools.permutations(items):
        assert [line[0] for line in lines(*order)] == ["c", "a", "b"]


def test_every_overdue_item_that_may_be_chased_appears_exactly_once():
    levels = [None, COURTESY, FIRST, FIRM, REGISTERED, FORMAL]
    states = list(itertools.product(levels, levels))
    for pair in itertools.product(states, states):
        items = [overdue(key, *state) for key, state in zip("ab", pair, strict=True)]
        notice = compose(items, TODAY)
        assert notice is None or [line.key for line in notice.lines] == ["a", "b"]
        for item, line in zip(items, notice.lines if notice else (), strict=False):
            assert line.level is None or item.level is None or line.level > item.level
            assert line.claimed or line.level is None
