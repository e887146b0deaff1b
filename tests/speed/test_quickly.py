"""What goes straight to the driver comes back as it would from SQLAlchemy, errors and all."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, bindparam, event, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from helpline.database import Base, Database, UtcDateTime
from helpline.models import Call, CallDirection, Caller, CallStatus
from helpline.quickly import quickly
from tests.prepared import open_sealed

AT = datetime(2026, 12, 1, 18, 30, 15, 123456, UTC)
NUMBER = "+441632960123"
_BY_NUMBER = select(Caller).where(Caller.number == bindparam("number"))
_CALLS = select(Call.__table__).where(Call.started_at <= bindparam("until", type_=UtcDateTime))
_OF_CALLERS = select(Caller.id).where(Caller.id.in_([1, 2]))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database, of each kind in turn."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'helpline.db'}"
    else:
        url = request.getfixturevalue("postgresql_url")
    engine = open_sealed(url)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A caller and their call; nothing is committed."""
    with Session(engine) as session:
        session.add(Caller(id=7, number=NUMBER, first_heard_at=AT))
        call = {
            "call_sid": "CA" + "0" * 32,
            "direction": CallDirection.INCOMING,
            "status": CallStatus.IN_PROGRESS,
            "caller_id": 7,
            "started_at": AT.astimezone(timezone(timedelta(hours=5))),
        }
        assert quickly(session, insert(Call), call).rowcount == 1
        yield session


def test_rows_are_those_that_sqlalchemy_reads(session: Session) -> None:
    slowly = session.connection().execute(_CALLS, {"until": AT}).one()
    row = quickly(session, _CALLS, {"until": AT}).one()
    assert row._asdict() == dict(slowly._mapping)
    assert row.started_at == AT
    assert row.started_at.tzinfo is UTC
    assert row.status is CallStatus.IN_PROGRESS
    # A default of the column's.
    assert row.pressed_key is False


def test_no_row_is_none_and_two_are_not_one(session: Session) -> None:
    assert quickly(session, _CALLS, {"until": AT - timedelta(days=1)}).one_or_none() is None
    assert quickly(session, _CALLS, {"until": AT - timedelta(days=1)}).scalar() is None
    session.add(Caller(number="+441632960124", first_heard_at=AT))
    both = quickly(session, select(Caller.id), {})
    assert len(both.rows) == 2
    with pytest.raises(ValueError, match="too many"):
        both.one()


def test_what_is_set_and_what_is_asked_for_are_told_apart(session: Session) -> None:
    # Its number stands in the values; what the WHERE asks for stands there, too.
    changed = update(Caller).where(Caller.number == bindparam("was"))
    assert quickly(session, changed, {"was": "nobody", "number": "x"}).rowcount == 0
    assert quickly(session, changed, {"was": NUMBER, "number": "+441632960124"}).rowcount == 1
    assert quickly(session, _BY_NUMBER, {"number": "+441632960124"}).one().id == 7


def test_an_error_is_sqlalchemys_and_holds_no_value(session: Session) -> None:
    with pytest.raises(IntegrityError) as refused:
        quickly(session, insert(Caller), {"number": NUMBER, "first_heard_at": AT, "called": "Edna"})
    assert "INSERT INTO callers" in str(refused.value)
    assert "Edna" not in str(refused.value)


def test_a_forgotten_value_is_refused_before_anything_is_asked(session: Session) -> None:
    with pytest.raises(KeyError, match="number"):
        quickly(session, _BY_NUMBER, {})


def test_a_list_is_refused(session: Session) -> None:
    with pytest.raises(TypeError, match="written anew"):
        quickly(session, _OF_CALLERS, {})


def test_whoever_listens_to_the_engine_hears_of_it(engine: Engine) -> None:
    heard: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: heard.append(told[2]))
    with Session(engine) as session:
        quickly(session, _BY_NUMBER, {"number": NUMBER})
    assert [sql for sql in heard if "FROM callers" in sql]


@pytest.mark.parametrize("quick_first", [True, False])
def test_what_goes_to_the_driver_is_kept_or_undone_with_the_rest(
    engine: Engine, quick_first: bool
) -> None:
    def write(session: Session, last_figure: int) -> None:
        if not quick_first:
            session.add(Caller(number=f"+44163296010{last_figure}", first_heard_at=AT))
        number = f"+44163296011{last_figure}"
        quickly(session, insert(Caller), {"number": number, "first_heard_at": AT})
        if quick_first:
            session.add(Caller(number=f"+44163296010{last_figure}", first_heard_at=AT))
            session.flush()

    def fail() -> None:
        with database.unit_of_work() as session:
            write(session, 2)
            raise ZeroDivisionError

    database = Database(engine, lambda _job, _row_id: None)
    with database.unit_of_work() as session:
        write(session, 1)
    with pytest.raises(ZeroDivisionError):
        fail()
    with database.reading() as session:
        found = quickly(session, select(Caller.number), {}).rows
    assert {number for [number] in found} == {"+441632960101", "+441632960111"}


def test_what_is_written_alone_is_committed_at_once_unless_something_else_was_written(
    postgresql_url: str,
) -> None:
    engine = open_sealed(postgresql_url)
    Base.metadata.create_all(engine)
    database = Database(engine, lambda _job, _row_id: None)
    how_many = select(func.count()).select_from(Caller)

    def write(session: Session, number: str, *, alone: bool) -> None:
        quickly(session, insert(Caller), {"number": number, "first_heard_at": AT}, alone=alone)

    def seen_by_others() -> int:
        with engine.connect() as another:
            return another.execute(how_many).scalar_one()

    def fail() -> None:
        with database.unit_of_work() as session:
            assert quickly(session, how_many, {}).scalar() == 0
            write(session, "+441632960101", alone=True)
            assert seen_by_others() == 1
            write(session, "+441632960102", alone=False)
            write(session, "+441632960103", alone=True)
            assert seen_by_others() == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert seen_by_others() == 1
    engine.dispose()


class _Interrupted(BaseException):
    """A web worker that takes too long is told to end."""


def _interrupt(*_: object) -> None:
    raise _Interrupted


def test_after_an_interruption_what_failed_is_undone_as_before(postgresql_url: str) -> None:
    engine = open_sealed(postgresql_url)
    Base.metadata.create_all(engine)
    database = Database(engine, lambda _job, _row_id: None)

    def sleep() -> None:
        with database.reading() as session:
            quickly(session, select(func.pg_sleep(5)), {})

    def fail() -> None:
        with database.unit_of_work() as session:
            quickly(session, insert(Caller), {"number": NUMBER, "first_heard_at": AT})
            raise ZeroDivisionError

    before = signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(_Interrupted):
            sleep()
    finally:
        signal.signal(signal.SIGALRM, before)
    with pytest.raises(ZeroDivisionError):
        fail()
    with database.reading() as session:
        assert quickly(session, select(Caller.id), {}).rows == []
    engine.dispose()


def test_a_connection_that_was_lost_is_replaced(postgresql_url: str) -> None:
    engine = open_sealed(postgresql_url)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
        with engine.connect() as another:
            another.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        with pytest.raises(DBAPIError) as lost:
            quickly(session, _BY_NUMBER, {"number": NUMBER})
        assert lost.value.connection_invalidated
    with Session(engine) as session:
        assert quickly(session, _BY_NUMBER, {"number": NUMBER}).one_or_none() is None
    engine.dispose()
