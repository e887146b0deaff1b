"""`helpline run`: checks what can be checked, then starts everything and says what to try."""

import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from helpline.config.last_good import settings_to_run_with
from helpline.running import checks, environment
from helpline.running.everything import Everything
from helpline.running.house import CannotRun, run_until_asked
from helpline.running.output import Output
from helpline.running.welcome import no_room
from helpline.settings import SettingsError

ROOT = Path(__file__).resolve().parents[2]


@click.command("run")
def run_command() -> None:
    """Start everything: database, web, workers, clock, and a pretend phone network to try it on."""
    sys.exit(run_everything(os.environ, ROOT))


def run_everything(environ: Mapping[str, str], root: Path) -> int:
    """Run until asked to end. The exit code: 0 ended as asked, 1 cannot run here, 2 settings."""
    output = Output(sys.stdout, coloured=_wants_colours(environ))
    try:
        place = environment.place_from(environ, root)
        has_room = checks.check_folder(place.var)
        for line in () if has_room else no_room(place):
            output.say(line)
        with checks.alone_in(place.var):
            return _run_in(place, environ, output)
    except CannotRun as why:
        output.say(str(why))
        return 1


def _run_in(place: environment.Place, environ: Mapping[str, str], output: Output) -> int:
    is_pretend = environment.is_pretend(environ)
    checks.whole_number(environ, "WEB_CONCURRENCY", default=2, most=64)
    checks.check_port("PORT", place.port)
    if is_pretend:
        checks.check_port("SIMULATOR_PORT", place.simulator_port)
    try:
        complete = environment.complete(environ, place, secrets.token_hex)
    except OSError as error:
        # Who pretends for the first time has no callers yet.
        raise CannotRun(f"Nothing can be written in {place.var}: {error.strerror}.") from None
    try:
        settings = settings_to_run_with(complete, root=place.root)
    except SettingsError as error:
        for complaint in error.complaints:
            output.say(complaint)
        return 2
    if settings.config_complaints:
        for complaint in settings.config_complaints:
            output.say(complaint)
        output.say("Until that is mended, the last config.yaml that was good is used.")
    everything = Everything(
        place=place,
        environment=complete,
        output=output,
        with_store=environment.has_own_store(environ),
        with_simulator=is_pretend,
    )
    return run_until_asked(everything, output)


def _wants_colours(environ: Mapping[str, str]) -> bool:
    """On a terminal, unless NO_COLOR (https://no-color.org) asks for none."""
    return sys.stdout.isatty() and not environ.get("NO_COLOR")
