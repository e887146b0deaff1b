"""`helpline block` and `helpline unblock`: callers who are not put through for a while."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import click

from helpline import blocks, phone_numbers
from helpline.commands import moments, terminal
from helpline.commands.moments import say_day, say_moment
from helpline.commands.terminal import Mistake
from helpline.phone_numbers import NotAPhoneNumber, mask
from helpline.rules import HOME_ZONE

_ZONE = ZoneInfo(HOME_ZONE)
_DAY = timedelta(days=1)
# Whoever is turned away is thought of again within the year.
_LONGEST = timedelta(days=366)
_LONGEST_REASON = 200


@click.command("block")
@click.argument("number", required=False)
@click.option("--reason", metavar="WORDS", help="Why; for coordinators, the caller never hears it.")
@click.option(
    "--until", "said_until", metavar="D", help="2026-12-24 (that day too), or with a time."
)
def block(number: str | None, reason: str | None, said_until: str | None) -> None:
    """Turn the caller with NUMBER away for a while. Without NUMBER: who is turned away now."""
    url, at = terminal.settings().database_url, terminal.now()
    if number is None:
        if reason or said_until:
            raise Mistake("Say whom: helpline block NUMBER --reason … --until …")
        with terminal.session(url) as session:
            turned_away = blocks.blocked_at(session, at)
        terminal.echo([_told(each, at) for each in turned_away] or ["Nobody is turned away."])
        return
    e164, complaints = _number(number)
    until = _until(said_until, at, complaints)
    why = " ".join((reason or "").split())
    if not why:
        complaints.append("Say why, for whoever wonders later: --reason 'shouts at volunteers'.")
    if len(why) > _LONGEST_REASON:
        complaints.append(f"--reason is too long; write at most {_LONGEST_REASON} letters.")
    if complaints or until is None or e164 is None:
        raise Mistake(*complaints)
    with terminal.session(url) as session:
        blocks.turn_away(session, e164, why, until, at)
    click.echo(f"{mask(e164)} is turned away until {_said(until, at)}: {why}")


@click.command("unblock")
@click.argument("number")
def unblock(number: str) -> None:
    """Let the caller with NUMBER through again."""
    e164, complaints = _number(number)
    if e164 is None:
        raise Mistake(*complaints)
    with terminal.session(terminal.settings().database_url) as session:
        was_blocked = blocks.let_through(session, e164, terminal.now())
    click.echo(f"{mask(e164)} is {'put through again' if was_blocked else 'not blocked'}.")


def _number(said: str) -> tuple[str | None, list[str]]:
    try:
        return phone_numbers.parse(said).e164, []
    except NotAPhoneNumber as error:
        return None, [f"NUMBER is {error}."]


def _until(said: str | None, at: datetime, complaints: list[str]) -> datetime | None:
    """The moment a block ends; a day by itself is blocked to its end."""
    if said is None:
        complaints.append("Say until when: --until 2026-12-24. A block has an end.")
        return None
    try:
        until = moments.moment(said, _ZONE, at)
        if re.fullmatch(r"[\d-]+", said.strip()):
            until = moments.midnight(until.astimezone(_ZONE).date() + _DAY, _ZONE)
    except (ValueError, OverflowError):
        complaints.append(f"--until {said}: write a day such as 2026-12-24, or 2026-12-24 18:00.")
        return None
    if until <= at:
        complaints.append(f"--until {said} is past; write a day that is to come.")
    elif until - at > _LONGEST:
        complaints.append(f"--until {said} is more than a year away; a block lasts a year at most.")
    return until


def _told(each: blocks.Blocked, at: datetime) -> str:
    return f"{each.caller} until {_said(each.until, at)}: {each.reason}"


def _said(moment: datetime, at: datetime) -> str:
    local = moment.astimezone(_ZONE)
    if local.time() == time(0):
        return f"the end of {say_day(local.date() - _DAY)}"
    return say_moment(moment, _ZONE, at.astimezone(_ZONE).date())
