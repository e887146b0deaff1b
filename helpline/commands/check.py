"""`helpline check`: every mistake there is, before a caller finds the first one."""

import os
from datetime import timedelta
from pathlib import Path

import click

from helpline.commands import terminal
from helpline.commands.moments import say_length
from helpline.commands.terminal import Trouble
from helpline.people import out_of_reach
from helpline.phone_numbers import is_fiction
from helpline.rota_views import shown
from helpline.running.environment import is_pretend
from helpline.sealing import keyring
from ivr import flows

_AHEAD = timedelta(days=7)
_NOBODYS_FALLBACK = (
    "fallback_number in config.yaml is the example's, which nobody has: callers are put through to "
    "it when nothing of ours works. Write one that somebody always answers."
)


@click.command("check")
def check() -> None:
    """Look for mistakes in config.yaml, the environment, the conversations and the database.

    Every complaint at once. What is allowed but is hardly meant, such as a gap in next week's
    rota, is a note.
    """
    complaints: list[str] = []
    notes: list[str] = []
    for look in (_at_settings, _at_conversations, _at_database):
        try:
            notes += look()
        except Trouble as trouble:
            complaints += [each for each in trouble.sentences if each not in complaints]
    for note in notes:
        click.echo(f"Note: {note}", err=True)
    if complaints:
        raise Trouble(*complaints)
    click.echo("All is well: config.yaml, the environment, the conversations and the database.")


def _at_settings() -> list[str]:
    settings = terminal.all_settings()
    _can_be_written(settings.backup_folder)
    if is_pretend(os.environ):
        return ["no Twilio account is named, so `helpline run` plays the phone network itself."]
    return [_NOBODYS_FALLBACK] if is_fiction(settings.config.fallback_number) else []


def _can_be_written(folder: Path | None) -> None:
    """Whether backups can be put there; the folder itself is made with the first one."""
    if folder is None:
        return
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        raise Trouble(f"environment: BACKUP_DIR is wrong: nothing can be written in {folder}")


def _at_conversations() -> list[str]:
    if found := flows.complaints(terminal.rules(terminal.settings())):
        raise Trouble(*found)
    return []


def _at_database() -> list[str]:
    settings, at = terminal.settings(), terminal.now()
    with terminal.session(settings.database_url) as session:
        gaps = shown.gaps_of_all(session, terminal.rules(settings), at, at + _AHEAD)
        is_plain = keyring.of(session.get_bind().dialect).is_plain
        not_rung = out_of_reach.by_country(session, settings.config.reach)
    if not gaps:
        return ["there is no group yet, so nobody can be rung. Load some: helpline load FILE"]
    notes = ["the database is not sealed yet. Run once: helpline rotate-keys"] if is_plain else []
    notes += [_not_rung(country, count) for country, count in not_rung.items()]
    return notes + [
        f"{group} has {len(found)} gap{'s' if len(found) > 1 else ''} in the next seven days, "
        f"{say_length(sum((each.ends - each.starts for each in found), timedelta(0)))} in all. "
        f"See: helpline rota --group '{group}'"
        for group, found in gaps.items()
        if found
    ]


def _not_rung(country: str, count: int) -> str:
    who = f"{count} volunteer{'s' if count > 1 else ''}"
    if not country:
        return f"{who} with a number that costs extra: it is never rung"
    return (
        f"{who} with a number in {country}, which is never rung: allowed_countries in config.yaml "
        "does not name it"
    )
