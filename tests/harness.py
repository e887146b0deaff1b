"""The whole helpline in one process: people with telephones, virtual time, real rows.

Tests speak of people, not of code: who rings, what they hear and press, who is rung and texted.
What nobody expected (a text nobody read, a telephone nobody looked at, an error in the network's
log, a job that failed) fails the test at its end without being asked.
"""

import importlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app import furnish
from helpline import blocks, callers
from helpline.config.decided import Config
from helpline.database import Base, Database
from helpline.guarded import Guarded
from helpline.models import (
    Call,
    Caller,
    Group,
    Line,
    LineGroup,
    Membership,
    Pattern,
    PatternVolunteer,
    Request,
    Volunteer,
)
from helpline.signing_in.codes import Secrets
from helpline.when.day_words import parse_time
from ivr.twilio.client import TwilioTelephony
from ivr.twilio.twiml import Links
from queue_workers.house import House, move_into
from simulator import Network, VirtualClock, WsgiTransport
from tests import prepared
from tests.clockwork import Clockwork
from tests.in_process import InProcessHttp
from tests.people import Neighbour, Volunteering

ROOT = Path(__file__).parent.parent
BASE_URL = "https://helpline.example"
TUESDAY_MORNING = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
LINE, VALLEY_LINE = "+441632960000", "+441632960001"
NEIGHBOURS = "Hebden Bridge Neighbours"
HEBDEN, TODMORDEN = "Hebden Bridge", "Todmorden"


def _write_line(session: Session, number: str, name: str, *groups: str) -> None:
    """A line of these groups, in this order; what is on no record yet is written down too."""
    line = Line(number=number, name=name)
    session.add(line)
    session.flush()
    for position, each in enumerate(groups):
        group = session.scalar(select(Group).where(Group.name == each))
        if group is None:
            postcodes = {HEBDEN: "HX7", TODMORDEN: "OL14"}[each]
            group = Group(name=each, timezone="Europe/London", postcodes=postcodes)
            session.add(group)
            session.flush()
        session.add(LineGroup(line_id=line.id, group_id=group.id, position=position))


def _first_line(session: Session) -> None:
    _write_line(session, LINE, NEIGHBOURS, HEBDEN)


def _engines(url: str, *, restored: bool) -> tuple[Engine, Engine | None]:
    """To the same tables: the house's, and the doors' own. What was restored is opened once."""
    if restored:
        return prepared.open_sealed(url), None
    prepared.make_tables(url, _first_line)
    return prepared.engine(url, "house"), prepared.engine(url, "doors")


class Helpline:
    """One helpline, its network and its neighbours."""

    def __init__(
        self,
        folder: Path,
        database_url: str | None = None,
        at: datetime = TUESDAY_MORNING,
        *,
        restored: bool = False,
        **environment: str,
    ) -> None:
        """`restored`: the database has its tables, and somebody's whole helpline in them.

        `environment` is told to the settings beside what they need.
        """
        self.clock = VirtualClock(at)
        answer = {BASE_URL: lambda environ, start: self.app.wsgi_app(environ, start)}
        self.network = Network(clock=self.clock, transport=WsgiTransport(answer))
        self._told = prepared.told(tuple(sorted(environment.items())))
        self.settings = replace(
            self._told.settings,
            twilio_account_sid=self.network.account_sid,
            twilio_auth_token=self.network.auth_token,
            database_url=database_url or f"sqlite:///{folder / 'helpline.db'}",
        )
        self.config: Config = self.settings.config
        self.engine, doors = _engines(self.settings.database_url, restored=restored)
        self.app = self._doors(doors)
        self.database = Database(self.engine, self._nudge)
        self.people: dict[str, Volunteering] = {}
        self.jobs_failed: list[str] = []
        self.neighbours: list[Neighbour] = []
        self.line = LINE
        self.script = self._told.script
        self._landlines = iter(range(101, 200))
        self._mobiles = iter(range(501, 600))
        self._volunteers = iter(range(101, 200))
        self._http = InProcessHttp(self.network)
        self.house = self._workers()
        door = self.app.extensions["helpline_phone"]
        self.clockwork = Clockwork(
            self.house, self.clock, (self.engine, door.callers.database.engine)
        )
        self._expected_errors = self._jobs_may_fail = False
        self._connect(LINE, NEIGHBOURS)

    def _doors(self, engine: Engine | None) -> Flask:
        """Webhooks and pages, which ask through an engine of their own."""
        app, rules = prepared.application(), self._told.rules(Random(1))
        furnish(app, self.settings, rules, clock=self.clock.now, nudge=self._nudge, engine=engine)
        return app

    def _workers(self) -> House:
        """What the workers and the clock are built of, on the pretend network."""
        telephony = TwilioTelephony(
            self.network.account_sid, self.network.auth_token, self.network.base_url, self._http
        )
        return House(
            database=self.database,
            rules=self._told.rules(Random(2)),
            telephony=Guarded(telephony, self.config.reach),
            links=Links(BASE_URL),
            secrets=Secrets(self.settings.secret_key),
            clock=self.clock.now,
        )

    def _connect(self, number: str, name: str) -> None:
        self.network.add_number(
            number,
            voice=f"{BASE_URL}/calls/incoming",
            sms=f"{BASE_URL}/texts/incoming",
            status_callback=f"{BASE_URL}/calls/status",
            name=name,
        )

    def _line(self, number: str, name: str, *groups: str) -> None:
        self._connect(number, name)
        with self.database.unit_of_work() as session:
            _write_line(session, number, name, *groups)

    def valley(self) -> str:
        """A second line, of two groups; its number."""
        self._line(VALLEY_LINE, "Calder Valley Neighbours", HEBDEN, TODMORDEN)
        return VALLEY_LINE

    # Neighbours

    def landline(self) -> Neighbour:
        """An old lady's telephone."""
        return self._neighbour(f"+441632960{next(self._landlines)}", "landline")

    def mobile(self) -> Neighbour:
        """A neighbour who can be texted."""
        return self._neighbour(f"+447700900{next(self._mobiles)}", "mobile")

    def _neighbour(self, number: str, kind: Any) -> Neighbour:
        neighbour = Neighbour(self, self.network.phone(number, kind=kind))
        self.neighbours.append(neighbour)
        return neighbour

    def on_shift(self, *names: str, group: str = HEBDEN, hours: str = "00:00-24:00") -> Any:
        """Volunteers who are on every day at these hours; one of them, or a tuple."""
        starts, ends = (parse_time(each) for each in hours.split("-"))
        ids = [self.volunteer(name, group=group).id for name in names]
        with self.database.unit_of_work() as session:
            group_id = self._group(session, group).id
            pattern = Pattern(
                group_id=group_id,
                days="Mon-Sun",
                starts_at=starts,
                ends_at=ends,
                starts_on=date(2026, 1, 1),
            )
            session.add(pattern)
            session.flush()
            for volunteer_id in ids:
                session.add(PatternVolunteer(pattern_id=pattern.id, volunteer_id=volunteer_id))
        found = tuple(self.people[name] for name in names)
        return found[0] if len(found) == 1 else found

    def volunteer(
        self,
        name: str,
        group: str = HEBDEN,
        coordinator: bool = False,
        languages: str = "en",
        landline: bool = False,
    ) -> Volunteering:
        """Somebody of the group, not on shift by that alone."""
        if name not in self.people:
            number = (
                f"+441632960{next(self._landlines)}"
                if landline
                else f"+447700900{next(self._volunteers)}"
            )
            with self.database.unit_of_work() as session:
                row = Volunteer(name=name, number=number, languages=languages)
                session.add(row)
                session.flush()
                session.add(
                    Membership(
                        group_id=self._group(session, group).id,
                        volunteer_id=row.id,
                        coordinator=coordinator,
                    )
                )
                volunteer_id = row.id
            phone = self.network.phone(number, "landline" if landline else "mobile", name)
            self.people[name] = Volunteering(self, phone, volunteer_id)
        return self.people[name]

    def knows_again(self, name: str) -> Volunteering:
        """Somebody who is on record already, and their telephone."""
        with self.database.unit_of_work() as session:
            [row] = prepared.named(session, name)
            phone = self.network.phone(row.number, name=name)
        self.people[name] = Volunteering(self, phone, row.id)
        return self.people[name]

    def coordinator(self, name: str, group: str = HEBDEN) -> Volunteering:
        """Somebody who runs the group."""
        return self.volunteer(name, group, coordinator=True)

    def _group(self, session: Session, name: str) -> Group:
        return session.scalars(select(Group).where(Group.name == name)).one()

    # What was written down

    def rows(self, table: type[Any], **where: Any) -> list[Any]:
        """Rows of a table as they stand now."""
        with self.database.unit_of_work() as session:
            return list(session.scalars(select(table).filter_by(**where).order_by(table.id)))

    def rows_of(self, table: type[Any]) -> list[Any]:
        """All rows of a table, in no order."""
        with self.database.unit_of_work() as session:
            return list(session.scalars(select(table)))

    def group_named(self, name: str) -> int:
        """The id of a group."""
        with self.database.unit_of_work() as session:
            return self._group(session, name).id

    def said_stop(self, who: Neighbour | Volunteering) -> bool:
        """Whether nothing of ours is sent to them any more."""
        with self.database.unit_of_work() as session:
            return callers.has_opted_out(session, who.phone.number)

    def block(self, who: Neighbour, days: int) -> None:
        """A coordinator turns this neighbour away for so long."""
        now = self.clock.now()
        with self.database.unit_of_work() as session:
            blocks.turn_away(session, who.phone.number, "shouting", now + timedelta(days=days), now)

    def requests_of(self, who: Neighbour) -> list[Request]:
        """Everything this neighbour asked for or offered."""
        with self.database.unit_of_work() as session:
            return list(
                session.scalars(
                    select(Request)
                    .join(Caller, Caller.id == Request.caller_id)
                    .where(Caller.number == who.phone.number)
                    .order_by(Request.id)
                )
            )

    def request_of(self, who: Neighbour) -> Request:
        """The one thing this neighbour asked for or offered."""
        [request] = self.requests_of(who)
        return request

    def calls_of(self, who: Neighbour) -> list[Call]:
        """Every call of this neighbour's."""
        with self.database.unit_of_work() as session:
            return list(
                session.scalars(
                    select(Call)
                    .join(Caller, Caller.id == Call.caller_id)
                    .where(Caller.number == who.phone.number)
                    .order_by(Call.id)
                )
            )

    # Time and work

    def wait(self, **time: float) -> None:
        """Let time pass: wait(minutes=10)."""
        self.clock.advance(timedelta(**time).total_seconds())

    def wait_until(self, moment: datetime) -> None:
        """Let time pass until then."""
        self.clock.advance((moment - self.clock.now()).total_seconds())

    def _nudge(self, job: str, row_id: int) -> None:
        if self.clockwork.redis_is_there:
            self.clock.call_soon(lambda: self._run(job, row_id))

    def _run(self, job: str, row_id: int) -> None:
        module, name = job.rsplit(".", 1)
        move_into(self.house)
        try:
            getattr(importlib.import_module(module), name)(row_id)
        except Exception as problem:
            self.jobs_failed.append(f"{job}({row_id}): {problem!r}")
            if not self._jobs_may_fail:
                raise

    def names_its_line(self, name: str) -> None:
        """The first line is called something else from now on."""
        with self.database.unit_of_work() as session:
            session.scalars(select(Line).where(Line.number == LINE)).one().name = name

    def loses_its_database(self) -> None:
        """Its tables are gone: every statement fails."""
        self.expects_errors()
        Base.metadata.drop_all(self.engine)

    # What nobody expected

    def expects_errors(self) -> None:
        """This test breaks something: the network may complain."""
        self._expected_errors = True

    def failed_jobs(self) -> int:
        """How many jobs have failed, all of them expected; from now on a job may."""
        self._jobs_may_fail = True
        failed, self.jobs_failed = len(self.jobs_failed), []
        return failed

    def nothing_else_happened(self) -> None:
        """Fail for every text nobody read, telephone nobody looked at, error and failed job."""
        surprises = [
            surprise
            for who in (*self.neighbours, *self.people.values())
            for surprise in who.unexpected()
        ]
        assert not surprises, surprises
        if not self._expected_errors:
            assert self.network.errors == []
        assert self.jobs_failed == []

    def close(self) -> None:
        """Let go of the database; what it stood in may be used again."""
        prepared.let_go(self.engine)
        prepared.let_go(self.app.extensions["helpline_phone"].callers.database.engine)
        self._http.close()
        prepared.give_back(self.app)
