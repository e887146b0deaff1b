"""A helpline made anew again and again, on either database, for stories with deaths in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import create_engine

from helpline.database import Base
from ivr.last_resort import LastResort
from ivr.twilio.twiml import Links
from simulator.records import Hook
from simulator.transport import NoReply, Reply, Request, Transport
from tests import prepared
from tests.chaos import history
from tests.harness import BASE_URL, TUESDAY_MORNING, Helpline
from tests.postgresql import PostgreSQL

RECOVERS_WITHIN = timedelta(seconds=60)
PROVIDER = "https://provider.example"


class Kept:
    """The TwiML that the provider keeps for the moments in which nothing of ours answers."""

    def __init__(self, transport: Transport, twiml: str) -> None:
        self._transport = transport
        self._twiml = twiml.encode()

    def send(
        self, request: Request, connect_seconds: float, read_seconds: float
    ) -> Reply | NoReply:
        if request.url.startswith(PROVIDER):
            return Reply(200, self._twiml, {"content-type": "text/xml"})
        return self._transport.send(request, connect_seconds, read_seconds)


@pytest.fixture(scope="module")
def emptied(postgresql_server: PostgreSQL) -> Iterator[str]:
    """The address of a database of PostgreSQL's that is emptied again and again."""
    with postgresql_server.fresh_database() as url:
        prepared.make_tables(url)
        engine = prepared.open_sealed(url)
        history.keep(engine)
        engine.dispose()
        yield url


@contextmanager
def a_helpline(url: str | None, at: datetime = TUESDAY_MORNING) -> Iterator[Helpline]:
    """A new one, in memory where there is a file system for that: it is made hundreds of times.

    On SQLite, or in that database of PostgreSQL's, whose rows are gone.
    """
    memory = Path("/dev/shm")  # noqa: S108
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        if url is not None:
            _empty(url)
        helpline = Helpline(Path(folder), url, at)
        try:
            if url is None:
                history.keep(helpline.engine)
            _prepare(helpline)
            yield helpline
        finally:
            helpline.close()


def _empty(url: str) -> None:
    """But for the finding key, which whoever asked it before remembers."""
    tables = {*Base.metadata.tables, history.TABLE} - {"finding_keys"}
    engine = create_engine(url)
    with engine.begin() as connection:
        # The audit log refuses: whoever owns the server can switch that off, and the tests do.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(f"TRUNCATE {', '.join(sorted(tables))} RESTART IDENTITY")
    engine.dispose()


def _prepare(helpline: Helpline) -> None:
    """The line is kept at the provider, too."""
    kept = LastResort(helpline.house.rules, Links(BASE_URL)).without_us(helpline.line)
    webhooks = helpline.network.webhooks
    webhooks._transport = Kept(webhooks._transport, kept)
    helpline.network.numbers[helpline.line].voice_fallback = Hook(f"{PROVIDER}/kept")
    helpline.network.phone("+441632960999").behaves("picks_up", 1.0)
