"""Prompts and texts: found by name and language, filled in once, short and safe to send."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.config.prompts import SPOKEN, TEXTED
from helpline.texting import gsm
from helpline.texting.carrier_words import CARRIER_WORDS
from helpline.words import Spoken, Words
from tests.words.shipped import CONFIG, VALUES, WORDS

LANGUAGES = [language.key for language in CONFIG.languages]


def test_a_prompt_is_said_in_the_callers_language_by_its_voice() -> None:
    said = WORDS.spoken("welcome", "pl", line="Calder Valley Neighbours")

    assert said == Spoken(
        text="Dzień dobry. Tu Calder Valley Neighbours.",
        language="pl",
        voice="Polly.Ewa",
        accent="pl-PL",
        rate="85%",
    )


@pytest.mark.parametrize("language", ["ur", "", None])
def test_a_language_nobody_configured_becomes_the_first(language: str | None) -> None:
    assert WORDS.spoken("one_moment", language).text == "One moment, please."
    assert WORDS.texted("helped_yes", language, code="4821").startswith("Good to hear")
    assert WORDS.ordinal(3, language) == "Third"


def test_what_is_in_the_settings_need_not_be_given() -> None:
    assert "Press 1 to talk to someone, 2 to offer help" in WORDS.spoken("main_menu", "en").text
    assert "Reply CALL" in WORDS.texted("receipt_added", "en", code="4821")
    assert "ZADZWOŃ" in WORDS.texted("receipt_added", "pl", code="4821")


def test_numbers_are_spoken_digit_by_digit() -> None:
    assert "ring nine nine nine." in WORDS.spoken("not_999", "en").text
    trouble = WORDS.spoken("trouble", "en").text
    assert "ring oh one six three two, nine six oh, nine nine nine." in trouble


def test_a_number_can_be_written_down_in_any_language() -> None:
    assert WORDS.digit_by_digit("+447700900123", "en") == (
        "oh seven seven oh oh, nine oh oh, one two three"
    )
    assert WORDS.digit_by_digit("999", "pl") == "dziewięć dziewięć dziewięć"


@given(name=st.text())
def test_what_somebody_wrote_is_put_in_as_it_is(name: str) -> None:
    said = WORDS.texted("alert_worried", "en", volunteer=name, code="{volunteer}{0.__class__}")

    assert said == gsm.plain(
        f"{{volunteer}}{{0.__class__}}: {name} is worried. Please look at it today."
    )


def test_a_value_that_is_missing_is_noticed_before_a_coordinator_asks_for_it() -> None:
    english = {"en": "Somebody is worried.", "pl": ""}
    words = Words(replace(CONFIG, texted={**CONFIG.texted, "alert_worried": english}))

    assert words.texted("alert_worried", "en", code="4821", volunteer="Bob") == english["en"]
    with pytest.raises(KeyError, match="alert_worried needs volunteer"):
        words.texted("alert_worried", "en", code="4821")


def test_a_name_that_is_no_prompt_is_noticed() -> None:
    with pytest.raises(KeyError, match="wellcome"):
        WORDS.spoken("wellcome", "en")


def test_a_recording_stands_in_for_its_prompt_in_its_language_only() -> None:
    recordings = {"welcome": {"en": "recordings/welcome.mp3"}}
    words = Words(replace(CONFIG, recordings=recordings))

    assert words.spoken("welcome", "en", line="x").recording == "recordings/welcome.mp3"
    assert words.spoken("welcome", "pl", line="x").recording is None


@pytest.mark.parametrize(
    ("count", "english", "polish"),
    [
        (0, "", ""),
        (1, "", ""),
        (2, "Second call this week.", "Drugi telefon w tym tygodniu."),
        (10, "Tenth call this week.", "Dziesiąty telefon w tym tygodniu."),
        (11, "Call number 11 this week.", "Telefon numer 11 w tym tygodniu."),
    ],
)
def test_how_often_somebody_rang_is_said_in_one_breath(
    count: int, english: str, polish: str
) -> None:
    assert WORDS.calls_this_week(count, "en") == english
    assert WORDS.calls_this_week(count, "pl") == polish


def test_a_first_call_leaves_no_gap_in_the_screening() -> None:
    values = VALUES | {"calls_this_week": WORDS.calls_this_week(1, "en")}

    assert WORDS.spoken("screening", "en", **values).text == (
        "Helpline call for Hebden Bridge. Press 1 to take it, 2 to pass."
    )


def test_the_question_to_a_volunteer_is_the_one_their_answers_are_read_by() -> None:
    assert WORDS.texted("follow_up_volunteer", "en", code="4821", link="(link)") == (
        "4821: reply 4821 A done, B still needs help, C someone else please, D I'm worried. "
        "More to say? (link)"
    )


@pytest.mark.parametrize("name", TEXTED)
def test_a_text_costs_one_in_english_and_two_in_polish_at_most(name: str) -> None:
    assert gsm.segments(WORDS.texted(name, "en", **VALUES)) == 1
    assert gsm.segments(WORDS.texted(name, "pl", **VALUES)) <= 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TEXTED)
def test_no_text_asks_for_a_word_of_the_carriers(name: str, language: str) -> None:
    """Somebody told to text one of those would be cut off from every later text."""
    words = re.findall(r"\w+", WORDS.texted(name, language, **VALUES))

    assert not CARRIER_WORDS & {word for word in words if word.isupper()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SPOKEN)
def test_every_prompt_can_be_said_and_ends_like_a_sentence(name: str, language: str) -> None:
    said = WORDS.spoken(name, language, **VALUES).text

    assert said[-1] in ".?!"
    assert not set("{}<>&") & set(said)
    assert said == " ".join(said.split())


def test_the_menu_takes_ten_seconds_at_most() -> None:
    """Slow speech is about 12 characters a second; a fifth of old people never got to the end of
    menus that were longer."""
    assert len(WORDS.spoken("main_menu", "en").text) <= 120
