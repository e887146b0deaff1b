"""How much room there is where the database lies, as far as this machine can tell."""

import shutil
from pathlib import Path
from typing import Final

from sqlalchemy import URL

# Of a database that nobody looks after for a fortnight: 5,000 calls a day are 20 MB.
LEAST_BYTES: Final = 300 * 2**20


def is_seen(url: URL) -> bool:
    """Whether the database lies on a disk that can be looked at from here.

    PostgreSQL tells how much it holds, but not how much room is left, and where it lies only to
    its superuser, which we are not to be.
    """
    return url.get_backend_name() == "sqlite" and bool(url.database)


def nearly_full(url: URL) -> int | None:
    """The bytes that are left where an SQLite file lies; None while they are enough.

    None, too, for PostgreSQL, which must be watched where it lies.
    """
    if not is_seen(url):
        return None
    try:
        left = shutil.disk_usage(Path(url.database or "").parent).free
    except OSError:
        return None
    return left if left < LEAST_BYTES else None
