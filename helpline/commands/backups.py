"""`helpline backup`, `restore` and `backup-key`: the whole database, sealed, and back again."""

from pathlib import Path
from tempfile import gettempdir

import click

from helpline import backups
from helpline.backups import CannotBackUp
from helpline.commands import terminal
from helpline.commands.terminal import Mistake, Trouble
from helpline.watching import heartbeats


@click.command("backup-key")
def backup_key() -> None:
    """Make up the two halves of a key for backups."""
    recipient, secret = backups.new_key()
    click.echo("For the environment of the helpline, so that it can seal backups:")
    click.echo(f"  BACKUP_RECIPIENT={recipient}")
    click.echo("For a safe place that is not this machine: nothing else opens them.")
    click.echo(f"  {secret}")


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def backup(folder: Path) -> None:
    """Write an encrypted backup of the whole database into FOLDER, while the helpline runs."""
    settings = terminal.settings()
    if settings.backup_recipient is None:
        raise Mistake("BACKUP_RECIPIENT is not set. `helpline backup-key` makes one up.")
    at = terminal.now()
    with terminal.database(settings.database_url) as database:
        try:
            file = backups.take(settings.database_url, folder, settings.backup_recipient, at)
        except CannotBackUp as error:
            raise Trouble(str(error)) from None
        except OSError as error:
            raise Trouble(f"No backup was made: {error.strerror} ({folder}).") from None
        backups.keep_newest(folder, settings.backups_kept)
        with database.unit_of_work() as session:
            heartbeats.beat(session, heartbeats.BACKUP, at)
    click.echo(f"{file} ({file.stat().st_size:,} bytes). Only the secret key opens it.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--key",
    "key_file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A file with the secret key in it.",
)
def restore(file: Path, key_file: Path) -> None:
    """Put a backup into an empty database, the one that DATABASE_URL names."""
    url = terminal.settings().database_url
    secret = next(
        (word for word in _words(key_file) if word.startswith("AGE-SECRET-KEY")),
        "",
    )
    try:
        with terminal.told_plainly():
            backups.restore(file, secret, url, terminal.data_keys_there_are())
    except CannotBackUp as error:
        raise Trouble(str(error)) from None
    except OSError as error:
        places = f"where the database goes, or in {gettempdir()}"
        raise Trouble(f"Nothing was restored: {error.strerror} ({places}).") from None
    click.echo("Restored. `helpline migrate` brings an older backup up to date.")
    click.echo("config.yaml and recordings/ are not in a backup: put your own back, too.")
    click.echo("Whoever was erased since it was made is in it again: `helpline erase NUMBER`.")


def _words(file: Path) -> list[str]:
    """Of whatever file somebody has named."""
    return file.read_bytes().decode(errors="replace").split()
