"""Limits, budget, countries and the test call in config.yaml: what stands there, and mistakes."""

from datetime import timedelta
from pathlib import Path

import pytest

from helpline.config.limits import Budget, Canary, Limits, Most, Reach
from tests.settings.folders import SHIPPED, complaints_in, settings_in, with_edit, written

CANARY = """canary:
  lines: ["01632 960000"]
  number: "+441632960998"
  every_minutes: 30
  second_number: "+441632960997"
"""
MAIL = "smtps://line:secret@mail.example.org?from=line@example.org"


def test_the_shipped_file_says_what_is_usual(tmp_path: Path) -> None:
    config = settings_in(SHIPPED.parent).config
    usual = (Reach(), Limits(), Budget(), None)
    assert (config.reach, config.limits, config.budget, config.canary) == usual

    text = SHIPPED.read_text(encoding="utf-8")
    begins, ends = text.index("# The countries whose"), text.index("# Words that texts are read by")
    written(tmp_path, text[:begins] + text[ends:])
    config = settings_in(tmp_path).config
    assert (config.reach, config.limits, config.budget, config.canary) == usual


def test_a_canary_of_ones_own(tmp_path: Path) -> None:
    written(tmp_path, SHIPPED.read_text(encoding="utf-8") + CANARY)
    config = settings_in(tmp_path).config
    assert config.canary == Canary(
        number="+441632960998",
        lines=("+441632960000",),
        every=timedelta(minutes=30),
        second_number="+441632960997",
    )
    assert config.reach.ours == {"+441632960000", "+441632960998"}
    assert "960998" not in repr(config)


def test_a_canary_of_several_lines(tmp_path: Path) -> None:
    several = 'lines: ["01632 960000", "+441632960001", "+441632960000"]'
    canary = CANARY.replace('lines: ["01632 960000"]', several)
    written(tmp_path, SHIPPED.read_text(encoding="utf-8") + canary)
    config = settings_in(tmp_path).config
    assert config.canary is not None
    assert config.canary.lines == ("+441632960000", "+441632960001")
    assert config.reach.ours == {"+441632960000", "+441632960001", "+441632960998"}


def test_limits_of_ones_own(tmp_path: Path) -> None:
    with_edit(
        tmp_path, "line: {calls_a_minute: 60, texts_a_minute: 60}", "line: {texts_a_minute: 0}"
    )
    assert settings_in(tmp_path).config.limits == Limits(line=Most(60, 0))


MISTAKES = {
    "a country that is none": (
        "allowed_countries: [GB]",
        "allowed_countries: [GB, UK]",
        "allowed_countries: 'row 2' says UK; write a country's two letters, such as GB",
    ),
    "no country": (
        "allowed_countries: [GB]",
        "allowed_countries: []",
        "allowed_countries: names no country; write at least one, such as [GB]",
    ),
    "a limit below none": (
        "caller: {calls_an_hour: 20,",
        "caller: {calls_an_hour: -1,",
        "limits, caller: 'calls_an_hour' says -1; write a whole number from 0 to 1000000",
    ),
    "a limit of another window": (
        "caller: {calls_an_hour: 20,",
        "caller: {calls_a_minute: 20,",
        "limits, caller: 'calls_a_minute' is not known; did you mean",
    ),
    "silence that ends after the first time": (
        "silent_calls_a_day: 5",
        "silent_calls_a_day: 1",
        "limits: 'silent_calls_a_day' says 1; write a whole number from 3 to 1000",
    ),
    "a budget in pounds": (
        "budget: {texts_a_day: 1000,",
        "budget: {texts_a_day: £40,",
        "budget: 'texts_a_day' says £40; write a whole number from 0 to 1000000",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_line_and_remedy(name: str, tmp_path: Path) -> None:
    old, new, complaint = MISTAKES[name]
    line = with_edit(tmp_path, old, new)
    [said] = complaints_in(tmp_path)
    assert said.startswith(f"config.yaml, line {line}, {complaint}")


CANARIES = {
    "canary:": ["'number' is missing", "canary: names no line", "canary: tells nobody"],
    'canary: {lines: ["+441632960000"], number: "+441632960000", emails: [a@b.cd]}': [
        "canary, number: is the line itself"
    ],
    'canary: {lines: [], number: "+441632960998", emails: [a@b.cd]}': [
        "canary, lines: names no line",
    ],
    'canary: {lines: ["+441632960000"], number: "01632", second_number: "+441632960000"}': [
        "'number' is not a phone number",
        "canary, second_number: is the line itself",
    ],
    'canary: {lines: ["+441632960000"], number: "+441632960998", emails: [ada]}': [
        "'row 1' is no e-mail address"
    ],
    'canary: {lines: ["+441632960000"], number: "+441632960998", emails: [a@b.cd], '
    "every_minutes: 5}": ["'every_minutes' says 5; write a whole number from 15 to 1440"],
}


@pytest.mark.parametrize("section", CANARIES)
def test_a_canary_that_would_not_sing(section: str, tmp_path: Path) -> None:
    written(tmp_path, SHIPPED.read_text(encoding="utf-8") + section + "\n")
    said = complaints_in(tmp_path, SMTP_URL=MAIL)
    assert len(said) == len(CANARIES[section]), said
    for part in CANARIES[section]:
        assert any(part in each for each in said), said


def test_whoever_is_written_to_needs_a_mail_server(tmp_path: Path) -> None:
    emails = CANARY + "  emails: [ada@example.org, bob@example.org]\n"
    written(tmp_path, SHIPPED.read_text(encoding="utf-8") + emails)
    [said] = complaints_in(tmp_path)
    assert said.startswith("environment: SMTP_URL is not set")
    settings = settings_in(tmp_path, SMTP_URL=MAIL)
    assert settings.mailbox is not None
    assert (settings.mailbox.host, settings.mailbox.port) == ("mail.example.org", 465)
    assert settings.mailbox.sender == "line@example.org"
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "mail.example.org"),
        ("SMTP_URL", "https://mail.example.org?from=a@example.org"),
        ("SMTP_URL", "smtps://secret:secret@mail.example.org"),
        ("SMTP_URL", "smtps://secret@mail.example.org:port?from=a@example.org"),
        ("CANARY_PING_URL", "http://ping.example.org/secret"),
        ("CANARY_PING_URL", "https://secret@ping.example.org/"),
        ("CANARY_PING_URL", "secret"),
    ],
)
def test_addresses_that_would_not_work_are_named_and_not_repeated(name: str, value: str) -> None:
    [said] = complaints_in(SHIPPED.parent, **{name: value})
    assert said.startswith(f"environment: {name} is wrong: ")
    assert "secret" not in said
