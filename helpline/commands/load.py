"""`helpline load FILE`: lines, groups, volunteers and rotas, all of the file or nothing."""

from pathlib import Path

import click

from helpline.commands import terminal
from helpline.commands.terminal import Mistake
from helpline.loading import LoadingError, load_file


@click.command("load")
@click.argument("file", type=click.Path(path_type=Path))
def load(file: Path) -> None:
    """Load lines, groups, volunteers and rotas from FILE.

    helpline/demo.yaml shows how to write one. The same file twice changes nothing; a changed one
    changes what it names, from today on, and leaves alone what it does not name. The volunteers and
    the rota of a group are named as a whole: whoever is not among them leaves.
    """
    try:
        with terminal.session(terminal.settings().database_url) as session:
            summary = load_file(session, file, terminal.now())
    except LoadingError as error:
        raise Mistake(*error.complaints, "Nothing was loaded.") from None
    terminal.echo(summary.changes or ("Nothing has changed.",))
    for warning in summary.warnings:
        click.echo(f"Note: {warning}", err=True)
