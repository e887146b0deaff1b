"""Writes the next migration, from what has changed in the models; a person reads it afterwards."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from helpline.database import open_engine
from helpline.migrations import configuration, migrate


def write_next(words: str) -> None:
    """A new file in versions/, numbered after the last, with what the models have more or less."""
    number = len(list((Path(__file__).parent / "versions").glob("[0-9]*.py"))) + 1
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/as_migrated.db"
        migrate(url)
        engine = open_engine(url)
        with engine.connect() as connection:
            command.revision(
                configuration(connection), words, autogenerate=True, rev_id=f"{number:04}"
            )
        engine.dispose()


if __name__ == "__main__":
    write_next(" ".join(sys.argv[1:]) or sys.exit("Say in a few words what has changed."))
