"""`helpline talk`: hold a conversation with the line in this terminal; nothing real is touched."""

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from helpline import phone_numbers
from helpline.commands import moments, terminal
from helpline.commands.rehearsal import Rehearsal
from helpline.commands.requests import lines_of
from helpline.commands.terminal import Mistake
from helpline.loading import LoadingError
from helpline.phone_numbers import NotAPhoneNumber, mask
from helpline.rules import HOME_ZONE
from ivr.engine import SILENCE, Heard, Sound
from ivr.saying import Reply
from ivr.steps import Connect, Record

DEMONSTRATION = Path(__file__).resolve().parents[1] / "demo.yaml"
# Kept for fiction: an old lady's landline, and a neighbour's mobile.
_LANDLINE, _MOBILE = "+441632960101", "+447700900150"
_HANG_UP = "hangup"
_VOICEMAIL = "v"
_SECONDS_A_WORD = 0.5


class _HungUp(Exception):
    """The receiver was put down."""


@click.command("talk")
@click.option("--text", "by_text", is_flag=True, help="Text the line instead of ringing it.")
@click.option(
    "--at", "said_at", metavar="T", help="When: 18:00, or 2026-12-24 18:00. Now, if left out."
)
@click.option("--withheld", is_flag=True, help="Ring with a withheld number.")
@click.option("--line", "line", metavar="NUMBER", help="Which line; the file's first, if left out.")
@click.argument("file", type=click.Path(path_type=Path), default=DEMONSTRATION)
def talk(by_text: bool, said_at: str | None, withheld: bool, line: str | None, file: Path) -> None:
    """Ring or text a line in this terminal, and answer for its volunteers too.

    The line is one of FILE, written as for `helpline load`; of the demonstration, if left out. It
    lives in memory alone: nobody is rung or texted, and nothing is written down anywhere.
    """
    rehearsal = _rehearsal(file, line, said_at)
    click.echo(f"{rehearsal.lines[rehearsal.line]}, {_clock(rehearsal.at)}.")
    if by_text:
        _text(rehearsal)
    else:
        _call(rehearsal, None if withheld else _LANDLINE)
    _texts_sent(rehearsal)
    click.echo("\nWhat is written down:\n")
    for story in rehearsal.stories():
        terminal.echo(list(lines_of(story, rehearsal.at)))


def _rehearsal(file: Path, line: str | None, said_at: str | None) -> Rehearsal:
    now = terminal.now()
    try:
        at = moments.moment(said_at, ZoneInfo(HOME_ZONE), now) if said_at else now
        number = phone_numbers.parse(line).e164 if line else None
        rehearsal = Rehearsal(terminal.rules(terminal.settings()), file, number, at)
    except LoadingError as error:
        raise Mistake(*error.complaints) from None
    except NotAPhoneNumber as error:
        raise Mistake(f"--line: {error}.") from None
    except ValueError as remedy:
        raise Mistake(f"--at {said_at}: {remedy}.") from None
    if rehearsal.line not in rehearsal.lines:
        known = ", ".join(f"{name} ({mask(each)})" for each, name in rehearsal.lines.items())
        raise Mistake(f"{file.name} has no such line. It has: {known or 'none'}.")
    return rehearsal


# A call


def _call(rehearsal: Rehearsal, number: str | None) -> None:
    click.echo(
        "Type a key as on a telephone. Enter alone is silence. After a tone, type what you say.\n"
        f"'{_HANG_UP}' puts the receiver down.\n"
    )
    try:
        reply = rehearsal.rings(number)
        while reply.turn.waits is not None:
            _say("line", rehearsal.says(reply))
            reply = _answer(rehearsal, reply)
        _say("line", rehearsal.says(reply))
        click.echo("The line hangs up.")
    except _HungUp:
        click.echo("You hang up.")
    rehearsal.hangs_up()


def _answer(rehearsal: Rehearsal, reply: Reply) -> Reply:
    if reply.leg is not None:
        return _ring(rehearsal, reply)
    if isinstance(reply.turn.waits, Record):
        words = _ask("(tone) you")
        if len(words) > 1:
            seconds = max(2, round(len(words.split()) * _SECONDS_A_WORD))
            return rehearsal.hears(Heard(Sound.RECORDING), seconds)
        return rehearsal.hears(_key(words))
    return rehearsal.hears(_key(_ask("you")))


def _ring(rehearsal: Rehearsal, reply: Reply) -> Reply:
    """A volunteer's telephone rings, and is answered for them."""
    leg = reply.leg
    assert leg is not None  # noqa: S101 - asked just before
    name = rehearsal.name_of(leg)
    does = _ask(f"{name}'s phone rings: Enter lets it ring, {_VOICEMAIL} is voicemail, p picks up")
    if not does:
        return rehearsal.not_answered(leg)
    turn, said = rehearsal.picked_up(leg)
    while turn.waits is not None and not isinstance(turn.waits, Connect):
        _say(f"to {name}", said)
        heard = SILENCE if does == _VOICEMAIL else _key(_ask(name))
        turn, said = rehearsal.volunteer_hears(leg, turn.step or "", heard)
    _say(f"to {name}", said)
    if turn.waits is None:
        return rehearsal.not_taken(leg)
    click.echo(f"You and {name} are put through.")
    words = _ask(f"talk; Enter, and {name} hangs up")
    return rehearsal.talked(leg, max(10, round(len(words.split()) * _SECONDS_A_WORD)))


def _key(typed: str) -> Heard:
    return Heard(Sound.KEYS, typed[0]) if typed else SILENCE


# Texts


def _text(rehearsal: Rehearsal) -> None:
    click.echo(f"Type what you text. Enter alone, or '{_HANG_UP}', is the end.\n")
    try:
        while body := _ask("you text"):
            rehearsal.texts(_MOBILE, body)
            _texts_sent(rehearsal)
    except _HungUp:
        return


def _texts_sent(rehearsal: Rehearsal) -> None:
    for sent in rehearsal.sent():
        _say(f"text to {sent.to}", [sent.body])


# The terminal


def _ask(question: str) -> str:
    """What is typed. Raises _HungUp, at the end of what there is to read too."""
    try:
        typed = click.prompt(question, default="", show_default=False, prompt_suffix="> ")
    except click.Abort:
        click.echo()
        raise _HungUp from None
    typed = str(typed).strip()
    if re.sub(r"\s", "", typed).lower() == _HANG_UP:
        raise _HungUp
    return typed


def _say(who: str, words: Iterable[str]) -> None:
    for each in words:
        click.echo(f"{who}: {each}")


def _clock(at: datetime) -> str:
    local = at.astimezone(ZoneInfo(HOME_ZONE))
    return f"{moments.say_day(local.date())}, {local:%H:%M}"
