"""`helpline migrate`: brings the database's tables to what this version of the helpline expects."""

import click
from alembic.util import CommandError

from helpline import migrations
from helpline.commands import terminal
from helpline.commands.terminal import Trouble


@click.command("migrate")
def migrate() -> None:
    """Bring the database up to date. Nothing to do is no error; two at once are harmless."""
    url = terminal.settings().database_url
    try:
        with terminal.told_plainly():
            migrations.migrate(url)
    except CommandError:
        raise Trouble(
            "The database is newer than this helpline: it was brought up to date by a later one. "
            "Install that one."
        ) from None
    click.echo("The database is up to date.")
