"""Reads what config.yaml says of limits, of the day's budget, of countries and of the test call."""

from __future__ import annotations

from datetime import timedelta

from helpline import phone_numbers
from helpline.config.limits import Budget, Canary, Limits, Most, Reach
from helpline.config.values import matching, phone_number, whole_number
from helpline.config.yaml_file import Section

SECTIONS = ("allowed_countries", "limits", "budget", "canary")
_ANY = whole_number(0, 1_000_000)
_CANARY = ("every_minutes", "emails", "second_number")


def read_reach(top: Section, canary: Canary | None) -> Reach:
    """The countries whose telephones are rung and texted, and what the test call rings."""
    ours = frozenset({canary.number, *canary.lines}) if canary else frozenset()
    if "allowed_countries" not in top.fields:
        return Reach(ours=ours)
    countries = [entry.read(_country) for entry in top.rows("allowed_countries")]
    if not countries:
        top.complain("allowed_countries", "names no country; write at least one, such as [GB]")
    return Reach(frozenset(country for country in countries if country), ours)


def read_limits(top: Section) -> Limits:
    """How many calls and texts are taken as they come."""
    section = top.part("limits", "caller", "line", "everybody", "silent_calls_a_day")
    usual = Limits()
    return Limits(
        caller=_most(section.part("caller", "calls_an_hour", "texts_an_hour"), usual.caller),
        line=_most(section.part("line", "calls_a_minute", "texts_a_minute"), usual.line),
        everybody=_most(
            section.part("everybody", "calls_a_minute", "texts_a_minute"), usual.everybody
        ),
        silent_calls=section.value("silent_calls_a_day", _silent_calls, usual.silent_calls),
    )


def read_budget(top: Section) -> Budget:
    """What a day may cost."""
    section = top.part("budget", "texts_a_day", "minutes_a_day")
    usual = Budget()
    return Budget(
        section.value("texts_a_day", _ANY, usual.texts),
        section.value("minutes_a_day", _ANY, usual.minutes),
    )


def read_canary(top: Section) -> Canary | None:
    """The test call; None where none is written, or after a complaint."""
    if "canary" not in top.fields:
        return None
    section = top.part("canary", "number", "lines", *_CANARY)
    number = section.needed("number", phone_number, secret=True)
    lines = _tested(section)
    second = None
    if "second_number" in section.fields:
        second = section.needed("second_number", phone_number, secret=True)
    emails = [entry.read(_email, secret=True) for entry in section.rows("emails")]
    if not emails and second is None:
        section.entry.complain("tells nobody; write 'emails', 'second_number', or both")
    if number in lines:
        section.complain("number", "is the line itself; take another number of yours")
    if second in lines:
        section.complain("second_number", "is the line itself, which may be what is broken")
    if number is None or not lines:
        return None
    minutes = section.value("every_minutes", whole_number(15, 24 * 60), 60)
    return Canary(
        number, lines, timedelta(minutes=minutes), tuple(each for each in emails if each), second
    )


def _tested(section: Section) -> tuple[str, ...]:
    """The lines that are rung in turn, each once."""
    rows = section.rows("lines")
    if not rows:
        section.complain("lines", "names no line; write at least one among 'lines'")
    read = (entry.read(phone_number, secret=True) for entry in rows)
    return tuple(dict.fromkeys(line for line in read if line is not None))


def _most(section: Section, usual: Most) -> Most:
    read = {name.partition("_")[0]: entry.read(_ANY) for name, entry in section.fields.items()}
    calls, texts = read.get("calls"), read.get("texts")
    return Most(usual.calls if calls is None else calls, usual.texts if texts is None else texts)


def _silent_calls(said: str) -> int:
    # Fewer would be a neighbour who hangs up before the beep, twice.
    return 0 if said == "0" else whole_number(3, 1000)(said)


def _country(said: str) -> str:
    if phone_numbers.is_country(said):
        return said
    raise ValueError("write a country's two letters, such as GB")


_email = matching(
    r"[^@\s]+@[^@\s]+\.[^@\s.]+", "no e-mail address; write one such as ada@example.org"
)
