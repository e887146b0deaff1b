"""`helpline export` and `helpline erase`: everything about one person, handed over or forgotten."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from helpline import phone_numbers
from helpline.commands import terminal
from helpline.commands.moments import say_moment
from helpline.commands.terminal import Mistake, Trouble
from helpline.phone_numbers import NotAPhoneNumber, mask
from helpline.privacy import erasures, exporting, whole_person
from helpline.privacy.erasures import RunsAlone
from helpline.privacy.exported_files import as_zip
from helpline.privacy.whole_person import NobodyKnown, Person
from helpline.rules import HOME_ZONE

_ZONE = ZoneInfo(HOME_ZONE)


@click.command("export")
@click.argument("number")
@click.option(
    "--into",
    "file",
    required=True,
    metavar="FILE.zip",
    type=click.Path(path_type=Path, dir_okay=False),
)
def export(number: str, file: Path) -> None:
    """Write everything about whoever has NUMBER into FILE.zip, to be handed to them."""
    with terminal.session(terminal.settings().database_url) as session:
        person = _whoever_has(session, number)
        found = exporting.export(session, person, terminal.now(), by_id=None, group_id=None)
        packed = as_zip(found)
        try:
            # For their eyes: nobody else on this machine reads it.
            file.touch(mode=0o600, exist_ok=False)
            file.write_bytes(packed)
        except FileExistsError:
            raise Mistake(f"{file} is there already; name another file.") from None
        except OSError as error:
            raise Trouble(f"{file} cannot be written: {error.strerror}.") from None
    click.echo(f"{file}: open about.html in it to read it. Give it to nobody else.")


@click.command("erase")
@click.argument("number")
@click.option("--undo", is_flag=True, help="Leave them as they are after all.")
@click.option("--yes", is_flag=True, help="Do not ask whether that is meant.")
def erase(number: str, undo: bool, yes: bool) -> None:
    """Forget whoever has NUMBER, three days from now; what is owed to them is named first."""
    at = terminal.now()
    with terminal.session(terminal.settings().database_url) as session:
        person = _whoever_has(session, number)
        if undo:
            undone = erasures.undo(session, person, at, by_id=None, group_id=None)
            said = "stays as they are" if undone else "was not to be erased"
            click.echo(f"{mask(person.number)} {said}.")
            return
        terminal.echo(list(_what_would_go(session, person, at)))
        if not yes:
            click.confirm("Erase them in three days?", abort=True)
        try:
            erasure = erasures.ask(session, person, at, by_id=None, group_id=None)
        except RunsAlone as alone:
            raise Trouble(
                f"Nobody else runs {', '.join(alone.groups)}. Make somebody a coordinator first."
            ) from None
    click.echo(
        f"{mask(person.number)} is erased on {_said(erasure.due_at, at)}, by the clock. "
        "Until then: helpline erase NUMBER --undo"
    )


def _whoever_has(session: Session, number: str) -> Person:
    try:
        return whole_person.with_number(session, phone_numbers.parse(number).e164)
    except NotAPhoneNumber as error:
        raise Mistake(f"NUMBER is {error}.") from None
    except NobodyKnown:
        raise Trouble("We know nobody with this number.") from None


def _what_would_go(session: Session, person: Person, at: datetime) -> Iterator[str]:
    there = whole_person.count(session, person)
    yield (
        f"{mask(person.number)}: requests {there.requests}, calls {there.calls}, "
        f"texts {there.texts}, voicemails {there.voicemails}, notes {there.notes}."
    )
    groups = whole_person.groups_of(session, person)
    if groups:
        yield f"A volunteer of {', '.join(group.name for group in groups)}, off every shift then."
    owed = whole_person.owed(session, person)
    for code, due_at in owed.callbacks:
        yield f"STILL OWED: a call back for {code}, by {_said(due_at, at)}."
    for _, code in owed.requests:
        yield f"STILL OPEN: {code}, which would be withdrawn."
    for _, code in owed.has:
        yield f"STILL THEIRS TO DO: {code}, which nobody would have."


def _said(moment: datetime, at: datetime) -> str:
    return say_moment(moment, _ZONE, at.astimezone(_ZONE).date())
