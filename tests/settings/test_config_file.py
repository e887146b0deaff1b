"""config.yaml: the shipped one is right, and every mistake is named with its line and remedy."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from helpline.config.decided import Menu, RingOrder
from helpline.hours import Opening
from tests.settings.folders import (
    SHIPPED,
    complaints_in,
    settings_in,
    with_edit,
    with_edits,
    written,
)
from tests.settings.mistakes import HOURS, MISTAKES


def test_the_shipped_file_says_what_it_says() -> None:
    config = settings_in(SHIPPED.parent).config

    assert [language.key for language in config.languages] == ["en", "pl"]
    assert config.menu == Menu("1", "2", "3")
    assert config.language_keys == {"pl": "9"}
    assert config.hours.rows == (Opening(frozenset(range(7)), time(8), time(18)),)
    assert config.hours.holidays[date(2026, 12, 25)] == "Christmas Day"
    assert (config.quiet_hours.start, config.quiet_hours.end) == (time(21), time(8))
    assert config.ringing.order is RingOrder.ONE_BY_ONE
    assert config.ringing.ring_for == timedelta(seconds=20)
    assert config.ringing.give_up_after == timedelta(seconds=75)
    assert config.callbacks.within == timedelta(hours=1)
    assert config.voicemail.longest == timedelta(minutes=3)
    assert config.texts.ask_next_morning_at == time(10)
    assert config.call_words["pl"][:3] == ("ZADZWOŃ", "ZADZWON", "TELEFON")
    assert list(config.requests.categories) == [
        *("shopping", "prescription", "dog_walking", "friendly_call", "food_parcel", "lift"),
        "something_else",
    ]
    assert config.requests.category("lift", "pl") == "podwózka"
    assert next(iter(config.requests.urgencies)) == "now"
    assert config.requests.reason("nobody_free", "en") == "nobody was free"
    assert list(config.induction) == ["spoken_with", "rules_read", "references"]


def test_what_is_no_longer_in_the_file_is_said_by_its_name() -> None:
    words = settings_in(SHIPPED.parent).config.requests

    assert words.category("dog_washing", "en") == "dog washing"
    assert words.urgency("today", "cy") == "today"


def test_a_file_without_requests_is_told_of_it(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    begins, ends = text.index("requests:\n"), text.index("# A sound file that stands in")
    written(tmp_path, text[:begins] + text[ends:])

    first = text[: text.index("languages:")].count("\n") + 1
    assert complaints_in(tmp_path) == [
        f"config.yaml, line {first}: 'requests' is missing; write it as in the shipped file"
    ]


@pytest.mark.parametrize("steps", ["induction: {}\n", ""])
def test_an_induction_may_have_no_steps(tmp_path: Path, steps: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    begins, ends = text.index("induction:\n"), text.index("# A sound file that stands in")
    written(tmp_path, text[:begins] + steps + text[ends:])

    assert not settings_in(tmp_path).config.induction


def test_what_is_not_written_is_as_in_the_shipped_file(tmp_path: Path) -> None:
    left_out = ("menu:", "ringing:", "callbacks:", "voicemail:", "texts:", "quiet_hours:")
    lines = SHIPPED.read_text(encoding="utf-8").splitlines(keepends=True)
    written(tmp_path, "".join(line for line in lines if not line.startswith(left_out)))

    without, shipped = settings_in(tmp_path).config, settings_in(SHIPPED.parent).config

    for name in ("menu", "ringing", "callbacks", "voicemail", "texts", "quiet_hours"):
        assert getattr(without, name) == getattr(shipped, name)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_line_and_remedy(name: str, tmp_path: Path) -> None:
    old, new, complaint = MISTAKES[name]
    line = with_edit(tmp_path, old, new)

    assert f"config.yaml, line {line}{complaint}" in complaints_in(tmp_path)


def test_everything_wrong_is_said_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    with_edits(
        tmp_path,
        {
            'talk: "1"': 'talk: "0"',
            "tries: 3": "tries: often",
            '"Thank you. {code} is done."': '"Thank you. {number} is done."',
        },
    )

    complaints = complaints_in(tmp_path, SECRET_KEY="", PUBLIC_BASE_URL="helpline.example.org")

    assert [complaint.split(":")[0].split(" line ")[0] for complaint in complaints] == [
        *("environment", "environment"),
        *("config.yaml,", "config.yaml,", "config.yaml,"),
    ]
    assert [word for word in ("talk", "tries", "{number}") if word in " ".join(complaints)] == [
        "talk",
        "tries",
        "{number}",
    ]


UNREADABLE = {
    "an open quote": ('a: "b\n', "config.yaml, line 2: cannot be understood"),
    "a tab": ("a:\n\tb: c\n", "config.yaml, line 2: cannot be understood"),
    "nothing": ("# only this\n", "config.yaml: is empty"),
    "an odd character": ("a: \x07\n", "config.yaml: holds a character"),
    "no names": ("- a\n", "config.yaml, line 1: write names with values here"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_says_so(name: str, tmp_path: Path) -> None:
    text, complaint = UNREADABLE[name]
    written(tmp_path, text)

    assert complaints_in(tmp_path)[0].startswith(complaint)


def test_a_file_of_other_letters_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_bytes("zażółć".encode("cp1250"))

    assert complaints_in(tmp_path) == ["config.yaml: is not plain text; save it as UTF-8"]


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    assert complaints_in(tmp_path, HELPLINE_CONFIG="valley.yaml") == [
        "valley.yaml: cannot be opened (No such file or directory); check its name and place"
    ]


def test_a_recording_that_is_there_is_taken(tmp_path: Path) -> None:
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / "hello.mp3").write_bytes(b"")
    with_edit(
        tmp_path,
        "recordings: {}",
        "recordings: {welcome: {en: recordings/hello.mp3, pl: https://example.org/witamy.mp3}}",
    )

    assert settings_in(tmp_path).config.recordings["welcome"] == {
        "en": "recordings/hello.mp3",
        "pl": "https://example.org/witamy.mp3",
    }


def test_midnight_may_be_written_as_the_end_of_the_day(tmp_path: Path) -> None:
    with_edit(tmp_path, HOURS, '- {days: Sat, from: "08:00", to: "24:00"}')

    assert settings_in(tmp_path).config.hours.rows == (Opening(frozenset({5}), time(8), time(0)),)


def test_four_languages_are_chosen_by_key_and_a_fifth_is_too_many(tmp_path: Path) -> None:
    language = "{name: x, locale: en, voice: Polly.Amy, accent: en-GB}\n"
    polish = "  pl: {name: polski"
    with_edit(
        tmp_path, polish, "".join(f"  {key}: {language}" for key in ("cy", "ur", "pa")) + polish
    )

    assert any("a caller can choose among 4 at most" in each for each in complaints_in(tmp_path))
