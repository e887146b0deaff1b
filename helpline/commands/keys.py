"""`helpline rotate-keys`: everything in the database, sealed by the first key of DATA_KEYS."""

import click

from helpline.commands import terminal
from helpline.sealing import resealing

_EVERY = 5_000


@click.command("rotate-keys")
def rotate_keys() -> None:
    """Seal everything by the first key of DATA_KEYS, while the helpline runs.

    Put a new key in front of the old one, restart, and run this; then the old one can go. Run it
    once, too, when every program runs a version that seals, on a database from before. It may be
    stopped, and goes on when it is run again.
    """
    told = 0
    rows: dict[str, int] = {}
    with terminal.database(terminal.settings().database_url) as database:
        for done in resealing.reseal(database):
            rows[done.what] = done.rows
            if done.left and sum(rows.values()) - told >= _EVERY:
                told = sum(rows.values())
                click.echo(f"{done.what}: {done.rows:,} sealed, {done.left:,} left")
        # However little was left to seal: the last time may have been stopped before this.
        resealing.shed(database)
    for what, count in rows.items():
        click.echo(f"{what}: {count:,} sealed")
    click.echo("Everything is sealed by the first key of DATA_KEYS; no other is needed.")
