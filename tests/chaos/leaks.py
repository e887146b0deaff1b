"""Looks for numbers, names and words where none may be: logs, and what waits in the store."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import redis

from tests.chaos.village import ANY_NUMBER, secrets


def in_bytes(where: str, said: bytes) -> Iterator[str]:
    """Where something stands that must not, and what kind; never the thing itself."""
    for _ in ANY_NUMBER.finditer(said):
        yield f"a number in {where}"
    for secret in secrets():
        if secret.lower() in said.lower():
            yield f"a name or a word in {where}"


def in_files(files: Iterable[Path]) -> Iterator[str]:
    """The same, of everything that programs have said."""
    for file in files:
        yield from in_bytes(file.name, file.read_bytes())


class StoreWatch:
    """Remembers what it has seen wait in the queue's store; jobs are soon done and gone."""

    def __init__(self, store: "redis.Redis") -> None:
        self._store = store
        self.seen = 0
        self.found: set[str] = set()

    def look(self) -> None:
        """Look at every key. The store may be away."""
        with suppress(redis.RedisError):
            keys: Any = self._store.keys("*")
            for key in keys:
                if key.startswith(b"rq:job:"):
                    self._look_at(self._store.hgetall(key))

    def _look_at(self, job: Any) -> None:
        fields: Mapping[bytes, bytes] = job
        self.seen += bool(fields)
        for name, value in fields.items():
            plain = value
            with suppress(zlib.error):
                plain = zlib.decompress(value)
            self.found.update(in_bytes(f"a job's {name.decode()}", plain))
