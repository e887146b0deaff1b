"""`helpline requests`: each request with its whole story, readable on a narrow terminal."""

import re
import textwrap
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import click

from helpline.commands import terminal
from helpline.commands.groups import group_named
from helpline.commands.moments import say_day, say_moment
from helpline.commands.telling import OUTCOMES, tell
from helpline.commands.terminal import Mistake
from helpline.rules import HOME_ZONE
from helpline.stories import told
from helpline.stories.kinds import CallBegan
from helpline.stories.told import Story

WIDTH = 80
_INDENT = " " * 9


@click.command("requests")
@click.option("--open", "only_open", is_flag=True, help="Only those that are open.")
@click.option("--code", metavar="4821", help="Only those with this code.")
@click.option("--group", "group_name", metavar="G", help="Only this group's.")
@click.option(
    "--last",
    "newest",
    metavar="N",
    type=click.IntRange(1),
    default=20,
    help="How many, at most; 20, if left out.",
)
def requests(only_open: bool, code: str | None, group_name: str | None, newest: int) -> None:
    """Each request with its whole story, the newest last. Numbers show their last four figures."""
    with terminal.session(terminal.settings().database_url) as session:
        complaints: list[str] = []
        if code is not None and not re.fullmatch(r"[0-9]{4}", code):
            complaints.append(f"--code {code}: write the four figures of a code, such as 4821.")
        group = None
        if group_name:
            group = terminal.heard_out(complaints, lambda: group_named(session, group_name))
        if complaints:
            raise Mistake(*complaints)
        found = told.of_requests(
            session,
            only_open=only_open,
            code=code,
            group_id=group.id if group else None,
            newest=newest,
        )
    at = terminal.now()
    blocks = ["\n".join(lines_of(story, at)) for story in found]
    click.echo("\n\n".join(blocks) if blocks else _nothing(only_open, code))


def _nothing(only_open: bool, code: str | None) -> str:
    if code is not None:
        return f"No {'open ' if only_open else ''}request has the code {code}."
    return "No request is open." if only_open else "There is no request yet."


def lines_of(story: Story, at: datetime) -> Iterator[str]:
    """The lines of one request's story, times by the clock of its group."""
    zone = ZoneInfo(story.timezone or HOME_ZONE)
    yield from _heading(story, zone, at.astimezone(zone).date())
    day: date | None = None
    for happening in story.happenings:
        local = happening.at.astimezone(zone)
        told = tell(happening, story, partial(say_moment, zone=zone, seen_from=local.date()))
        if told is None:
            continue
        if local.date() != day:
            day = local.date()
            yield f"  {say_day(day)}"
        indent = f"  {local:%H:%M}" + ("  " if isinstance(happening, CallBegan) else "    ")
        yield from textwrap.wrap(
            told, WIDTH, initial_indent=indent, subsequent_indent=_INDENT + "    "
        )


def _heading(story: Story, zone: ZoneInfo, today: date) -> Iterator[str]:
    state = "open" if story.closed_at is None else "closed"
    where = story.group or f"{story.line}, area not known yet"
    who = story.caller or "withheld number"
    yield f"{story.code}  {state} {story.kind}, {where}, {who}"
    said = [f"opened {say_moment(story.opened_at, zone, today)}"]
    if story.closed_at is not None:
        said.append(f"closed {say_moment(story.closed_at, zone, today)}")
    if story.outcome is not None:
        said.append(f"last word: {OUTCOMES[story.outcome]}")
    if story.volunteer is not None:
        said.append(f"with {story.volunteer}")
    yield f"      {'; '.join(said)}"
