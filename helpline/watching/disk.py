"""How much room there is where the database lies, as far as this machine can tell."""

import shutil
from pathlib import Path
from typing import Final

from sqlalchemy import URL

# Of a database that nobody looks after for a fortnight: 5,000 calls a day are 20 MB.
LEAST_BYTES: Final = 300 * 2**20


def nearly_full(url: URL) -> int | None:
    """The bytes that are left where an SQLite file lies; None while they are enough.

    None, too, for a database on another machine, which must be watched there.
    """
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    try:
        left = shutil.disk_usage(Path(url.database).parent).free
    except OSError:
        return None
    return left if left < LEAST_BYTES else None
