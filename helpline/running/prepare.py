"""`python -m helpline.running.prepare`: makes the database ready before anything asks it.

With --pretend also the pretend phone network's part: a demonstration, when there is no line yet,
and the file that says who is on the network.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from helpline.config.last_good import settings_to_run_with
from helpline.database import Database, open_engine
from helpline.database_errors import is_full
from helpline.loading import LoadingError, load_file
from helpline.migrations import migrate
from helpline.models import Line, Volunteer
from helpline.running.checks import FULL, NO_ROOM
from helpline.running.pretend_network import FILE, LINK_FILE, Someone, telephones, write
from helpline.sealing import resealing
from helpline.sealing.keyring import WrongKeys
from helpline.sealing.seals import Unsealable
from helpline.settings import Settings, SettingsError
from helpline.signing_in import by_name, codes
from helpline.signing_in.codes import Secrets

ROOT = Path(__file__).resolve().parents[2]
DEMONSTRATION = ROOT / "helpline" / "demo.yaml"


def prepare(settings: Settings, at: datetime, *, pretend: bool) -> None:
    """Bring the tables up to date; `pretend` as in the module's own words. `at` is aware.

    Errors: LoadingError, SQLAlchemyError, Unsealable, OSError.
    """
    migrate(settings.database_url)
    engine = open_engine(settings.database_url, settings.data_keys)
    _seal(engine)
    if not pretend:
        engine.dispose()
        return
    with Session(engine) as session, session.begin():
        if session.scalar(select(Line.id).limit(1)) is None:
            load_file(session, DEMONSTRATION, at)
        lines = [Someone(*row) for row in session.execute(_LINES)]
        volunteers = [Someone(*row) for row in session.execute(_VOLUNTEERS)]
        way_in = _way_in(session, settings, at)
    engine.dispose()
    var = settings.root / "var"
    write(telephones(lines, volunteers, settings.public_base_url), var / FILE)
    if way_in:
        write(way_in, var / LINK_FILE)


def _seal(engine: Engine) -> None:
    """A database from before, or of an older key, is sealed now, while nothing else runs."""
    database = Database(engine, lambda _job, _row_id: None)
    if any([*resealing.reseal(database)]):
        resealing.shed(database)


def _way_in(session: Session, settings: Settings, at: datetime) -> dict[str, str] | None:
    """A one-time link for a coordinator, whom `helpline run` tells of it."""
    names = by_name.coordinators(session)
    if not names:
        return None
    token = codes.make_link(session, Secrets(settings.secret_key), names[0], at)
    return {"name": names[0], "link": f"{settings.public_base_url}/sign-in/link/{token}"}


_LINES = select(Line.number, Line.name).order_by(Line.id)
_VOLUNTEERS = (
    select(Volunteer.number, Volunteer.name)
    .where(Volunteer.disabled_at.is_(None))
    .order_by(Volunteer.id)
)


def main(*options: str) -> int:
    """0 when it is ready; else, after a line that says what is wrong, 1, or FULL."""
    code = 1
    try:
        settings = settings_to_run_with(os.environ, root=ROOT)
        prepare(settings, datetime.now(UTC), pretend="--pretend" in options)
    except (SettingsError, LoadingError, WrongKeys) as error:
        problem = str(error)
    except Unsealable as error:
        problem = f"Something cannot be opened: {error}. Put that key behind the others there."
    except SQLAlchemyError as error:
        # The driver's words; SQLAlchemy's own have the statement and its values in them.
        cause = error.__cause__ or error
        code = FULL if is_full(error) else 1
        problem = f"The database cannot be used: {str(cause).strip()} (DATABASE_URL says which.)"
    except OSError as error:
        problem = f"The database cannot be made ready: {error}"
        code = FULL if error.errno in NO_ROOM else 1
    else:
        return 0
    print(problem, file=sys.stderr)  # noqa: T201
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
