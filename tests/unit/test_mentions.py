"""What a text lost is named; what it should not say is too."""

import pytest

from core.mentions import missing_mentions, plain, unwelcome_mentions

FACTS = {"sum": "1\u202f200,00\xa0€", "deadline": "11/06/2026"}
COMPLETE = (
    "<p>Nous vous mettons en demeure de payer la somme de <strong>1 200,00 €</strong> au plus tard "
    "le 11/06/2026.</p><p>À défaut, nous saisirons la juridiction compétente.</p>"
)


def test_a_complete_formal_notice_lacks_nothing():
    assert missing_mentions("formal_notice", COMPLETE, FACTS) == []


@pytest.mark.parametrize(
    ("words", "mention"),
    [
        ("mettons en demeure", "formal_notice"),
        ("juridiction", "court"),
        ("1 200,00", "sum"),
        ("11/06/2026", "deadline"),
    ],
)
def test_what_was_taken_out_of_a_formal_notice_is_named(words, mention):
    assert missing_mentions("formal_notice", COMPLETE.replace(words, ""), FACTS) == [mention]


def test_a_fact_that_is_not_known_is_not_looked_for():
    assert missing_mentions("formal_notice", COMPLETE, {}) == []


@pytest.mark.parametrize("kind", ["courtesy", "reminder", "registered"])
def test_the_other_kinds_require_no_word(kind):
    assert missing_mentions(kind, "", FACTS) == []


def test_a_service_message_does_not_speak_of_lateness_nor_of_a_court():
    text = "Facture en RETARD : le tribunal"
    assert unwelcome_mentions("courtesy", text) == ["late", "court"]


def test_a_reminder_may_speak_of_lateness_and_not_of_a_court():
    assert unwelcome_mentions("reminder", "Relance : facture en retard") == []
    assert unwelcome_mentions("reminder", "nous saisirons le tribunal") == ["court"]


@pytest.mark.parametrize("kind", ["registered", "formal_notice"])
def test_the_gravest_kinds_may_speak_of_both(kind):
    assert unwelcome_mentions(kind, "retard, tribunal") == []


def test_tags_part_words_and_spaces_are_all_the_same():
    assert plain("<b>Somme</b><br/>de\u202f1\xa0€") == "somme de 1 €"
