"""The keys of one database: those of the environment, and the finding key that is kept in it.

Each engine has its own; the types of the sealed columns (`helpline.models.columns`) ask for it by
the engine's dialect. The finding key is read when the first connection is opened, and made up then
where there is none yet.
"""

import os
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.exc import SQLAlchemyError

from helpline.sealing.seals import KEY_BYTES, DataKeys, FindingKey, Unsealable

COLUMN: Final = "finding_keys.sealed"


class WrongKeys(SQLAlchemyError):
    """DATA_KEYS does not open this database, which nobody can use then: says the remedy."""

    def __init__(self) -> None:
        super().__init__(
            "This database was sealed by a key that is not in DATA_KEYS. Write that key there, "
            "after a comma if there are others; without it nothing in the database can be read."
        )


class NoKeys(Exception):
    """Sealed columns were asked for on an engine that was opened without keys."""

    def __init__(self) -> None:
        super().__init__("open_engine() was given no data keys, or the tables were not there yet")


class Keyring:
    """What seals and opens the columns of one database.

    `is_plain` in a database from before, until somebody says that no program of that version runs
    any more (`resealing`): nothing is sealed, for those could not read it. Then all of its
    numbers are sealed at once, so that each of them is in one row and no other.
    """

    def __init__(self, data: DataKeys) -> None:
        self.data = data
        self.is_plain = False
        self._finding: FindingKey | None = None

    @property
    def finding(self) -> FindingKey:
        """The finding key. Raises NoKeys before a connection found the tables."""
        if self._finding is None:
            raise NoKeys
        return self._finding

    @property
    def is_ready(self) -> bool:
        """Whether the finding key has been read."""
        return self._finding is not None

    def seal(self, words: str, column: str) -> str:
        """Words as they stand in this database."""
        return words if self.is_plain else self.data.seal(words, column)

    def seal_bytes(self, sound: bytes, column: str) -> bytes:
        """Sound as it stands in this database."""
        return sound if self.is_plain else self.data.seal_bytes(sound, column)

    def seal_number(self, number: str) -> str:
        """A number as it stands in this database."""
        finding = self.finding
        return number if self.is_plain else finding.seal(number)

    def hash_number(self, number: str) -> str:
        """What stands for a number where only its hash is kept; a hash stays what it is."""
        finding = self.finding
        if self.is_plain or number.startswith(finding.beginning):
            return number
        return finding.hashed(number)

    def hold(self, finding: FindingKey, *, is_plain: bool) -> None:
        """Use this finding key from now on."""
        self._finding = finding
        self.is_plain = is_plain


_KEYRINGS: WeakKeyDictionary[Dialect, Keyring] = WeakKeyDictionary()


def of(dialect: Dialect) -> Keyring:
    """The keyring of the engine with this dialect. Raises NoKeys."""
    try:
        return _KEYRINGS[dialect]
    except KeyError:
        raise NoKeys from None


def give(engine: Engine, data: DataKeys) -> None:
    """Have this engine's sealed columns use these keys."""
    keyring = _KEYRINGS[engine.dialect] = Keyring(data)

    @event.listens_for(engine, "checkout")
    def _read(raw: Any, _record: Any, _proxy: Any) -> None:
        if not keyring.is_ready:
            _read_or_make(keyring, engine.dialect.name, raw)

    @event.listens_for(engine, "begin")
    def _look_again(connection: Connection) -> None:
        # Only until a database from before is sealed: whoever seals it waits for this transaction.
        if keyring.is_plain:
            keyring.is_plain = not connection.exec_driver_sql(
                _STILL_PLAIN[connection.dialect.name]
            ).scalar_one()


_STILL_PLAIN: Final = {
    "sqlite": "SELECT in_use FROM finding_keys WHERE id = 1",
    "postgresql": "SELECT in_use FROM finding_keys WHERE id = 1 FOR SHARE",
}
_THERE: Final = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'finding_keys'",
    "postgresql": "SELECT 1 WHERE to_regclass('finding_keys') IS NOT NULL",
}
_READ: Final = "SELECT sealed, in_use FROM finding_keys WHERE id = 1"
# A database that has numbers and no finding key yet is from before: they are plain.
_MAKE: Final = (
    "INSERT INTO finding_keys (id, sealed, in_use) SELECT 1, {}, NOT ("
    "EXISTS (SELECT 1 FROM callers) OR EXISTS (SELECT 1 FROM volunteers) "
    "OR EXISTS (SELECT 1 FROM opt_outs) OR EXISTS (SELECT 1 FROM texts)) "
    "WHERE true ON CONFLICT (id) DO NOTHING"
)
_PLACE: Final = {"sqlite": "?", "postgresql": "%s"}


def _read_or_make(keyring: Keyring, database: str, raw: Any) -> None:
    """On a connection that has not begun anything: the key is kept whatever happens next.

    Raises WrongKeys. Nothing is done where the tables are not there yet.
    """
    cursor = raw.cursor()
    try:
        if cursor.execute(_THERE[database]).fetchone() is None:
            return
        row = cursor.execute(_READ).fetchone()
        if row is None:
            new = keyring.data.seal(os.urandom(KEY_BYTES).hex(), COLUMN)
            cursor.execute(_MAKE.format(_PLACE[database]), (new,))
            # Another process may have been first.
            row = cursor.execute(_READ).fetchone()
    finally:
        cursor.close()
        raw.commit()
    sealed, in_use = row
    try:
        key = bytes.fromhex(keyring.data.open(sealed, COLUMN))
    except Unsealable:
        raise WrongKeys from None
    keyring.hold(FindingKey(key), is_plain=not in_use)
