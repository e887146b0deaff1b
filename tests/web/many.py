"""A year of a big group, made fast: 200 volunteers, a full rota, 20,000 requests with their calls.

Everything is drawn by lot from a seed, so that two runs see the same year.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from helpline.database import Base
from helpline.models import (
    AuditLine,
    Call,
    Callback,
    CallbackStatus,
    CallDirection,
    Caller,
    CallStatus,
    ChangeKind,
    Direction,
    Kind,
    Leg,
    LegOutcome,
    Membership,
    Note,
    Outcome,
    Pattern,
    PatternVolunteer,
    Purpose,
    Request,
    RotaChange,
    SearchWord,
    Text,
    TextStatus,
    Voicemail,
    VoicemailStatus,
    Volunteer,
)
from helpline.sealing import search_index

CATEGORIES = ("shopping", "prescription", "dog_walking", "friendly_call", "food_parcel", "lift")
NOT_MET = ("nobody_free", "too_far", "not_what_we_do")
YEAR = timedelta(days=365)
# Rows of a table that begin here never meet those that a test makes itself.
FIRST_ID = 1000
# Whatever is older is closed.
_OPEN_FOR = timedelta(days=5)


@dataclass
class Many:
    """A year of rows for one group that ends at `at`, collected by table and written at once."""

    group_id: int
    line_id: int
    at: datetime
    volunteers: int = 200
    requests: int = 20_000
    callers: int = 1_100
    seed: int = 1
    rows: dict[type[Base], list[dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.volunteer_ids = range(FIRST_ID, FIRST_ID + self.volunteers)
        self.caller_ids = range(FIRST_ID, FIRST_ID + self.callers)
        self._people()
        self._rota()
        # As they come in real life, one after the other.
        for number, opened in enumerate(sorted(self._moment() for _ in range(self.requests))):
            self._request(FIRST_ID + number, opened)

    def write(self, session: Session) -> None:
        """All of it, in the order in which rows need one another."""
        self._index(session)
        # A call names the leg that took it, and a leg its call.
        taken = [(row["id"], row.pop("taken_by_leg_id")) for row in self.rows[Call]]
        for table in (*_FIRST, *(each for each in self.rows if each not in _FIRST)):
            session.connection().execute(insert(table.__table__), self.rows[table])
        session.connection().execute(
            update(Call.__table__)
            .where(Call.id == bindparam("call"))
            .values(taken_by_leg_id=bindparam("leg")),
            [{"call": call, "leg": leg} for call, leg in taken if leg is not None],
        )

    def _index(self, session: Session) -> None:
        """By which words the requests are found: few different ones were ever said."""

        @cache
        def hashes(words: str) -> list[int]:
            return search_index.hashes(session, search_index.keys_of(words))

        said = [(row["request_id"], row["words"]) for row in self.rows[Note]]
        said += [
            (row["request_id"], row["body"])
            for row in self.rows[Text]
            if row["direction"] is Direction.INCOMING
        ]
        found = {(word, request_id) for request_id, words in said for word in hashes(words)}
        self.rows[SearchWord] = [
            {"word": word, "request_id": request_id} for word, request_id in sorted(found)
        ]

    def _add(self, table: type[Base], **row: Any) -> int:
        rows = self.rows.setdefault(table, [])
        row.setdefault("id", FIRST_ID + len(rows))
        rows.append(row)
        return int(row["id"])

    def _moment(self) -> datetime:
        """Some moment between eight and six of some day of the year."""
        morning = self.at.replace(hour=8, minute=0) - timedelta(days=self.chance.randrange(365))
        return min(morning + timedelta(hours=10) * self.chance.random(), self.at)

    def _people(self) -> None:
        # Numbers that nobody has, in the ranges kept for stories; none that the harness gives out.
        for number, volunteer in enumerate(self.volunteer_ids):
            self._add(
                Volunteer,
                id=volunteer,
                name=f"{_NAMES[number % len(_NAMES)]} {number}",
                number=f"+447700900{200 + number}",
                languages="en",
                can_do=" ".join(self.chance.sample(CATEGORIES, 2)),
                area=self.chance.choice(("Old Town", "Mytholm", "Midgehole")),
            )
            self.rows.setdefault(Membership, []).append(
                {"group_id": self.group_id, "volunteer_id": volunteer, "coordinator": number < 4}
            )
        landlines = (f"+441632960{n}" for n in range(200, 999))
        others = (f"+447700900{n}" for n in range(600, 999))
        for caller, phone in zip(self.caller_ids, (*landlines, *others), strict=False):
            self._add(
                Caller,
                id=caller,
                number=phone,
                first_heard_at=self.at - YEAR,
                called=self.chance.choice(("", f"Mrs {_NAMES[caller % len(_NAMES)]}")),
            )

    def _rota(self) -> None:
        """Three shifts a day of three people, and a thousand changes in the year."""
        for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"):
            for starts, ends in ((8, 12), (12, 15), (15, 18)):
                pattern = self._add(
                    Pattern,
                    group_id=self.group_id,
                    days=day,
                    starts_at=time(starts),
                    ends_at=time(ends),
                    starts_on=date(2020, 1, 6),
                    ends_on=None,
                )
                for volunteer in self.chance.sample(self.volunteer_ids, 3):
                    self.rows.setdefault(PatternVolunteer, []).append(
                        {"pattern_id": pattern, "volunteer_id": volunteer}
                    )
        for _ in range(1000):
            on = (self.at - YEAR / 2 + self.chance.random() * YEAR).date()
            self._add(
                RotaChange,
                group_id=self.group_id,
                kind=ChangeKind.ADD,
                on_date=on,
                starts_at=time(18),
                ends_at=time(20),
                volunteer_id=self.chance.choice(self.volunteer_ids),
                made_at=self.at - YEAR,
            )

    def _request(self, request: int, opened: datetime) -> None:
        chance = self.chance
        is_open = opened > self.at - _OPEN_FOR
        volunteer = chance.choice(self.volunteer_ids)
        caller = chance.choice(self.caller_ids)
        why_not = chance.choice(NOT_MET) if not is_open and chance.random() < 0.05 else None
        closed = None if is_open else opened + timedelta(hours=chance.randint(1, 90))
        self._add(
            Request,
            id=request,
            line_id=self.line_id,
            group_id=self.group_id,
            caller_id=caller,
            kind=Kind.OFFER if chance.random() < 0.25 else Kind.ASK,
            code=f"{request % 10_000:04}",
            opened_at=opened,
            closed_at=closed,
            outcome=Outcome.DONE if closed and not why_not else None,
            volunteer_id=None if is_open and chance.random() < 0.5 else volunteer,
            category=chance.choice((*CATEGORIES, None)),
            not_met_because=why_not,
        )
        call = self._call(request, caller, opened)
        self._texts(request, call, volunteer, opened, closed)
        if chance.random() < 0.15:
            self._callback(request, opened, is_open=is_open)
        if chance.random() < 0.08:
            self._voicemail(request, call, opened, is_heard=not is_open)
        if chance.random() < 0.2:
            self._add(
                Note,
                request_id=request,
                volunteer_id=volunteer,
                written_at=opened + timedelta(hours=1),
                words="She would like wholemeal bread, and somebody who stays for a cup of tea.",
                once=f"note-{request}",
            )
        if closed:
            self._add(
                AuditLine,
                at=closed,
                event="outcome_done",
                request_id=request,
                volunteer_id=volunteer,
            )

    def _call(self, request: int, caller: int, at: datetime) -> int:
        chance = self.chance
        call = FIRST_ID + len(self.rows.setdefault(Call, []))
        tries = chance.choice((1, 1, 1, 2, 3))
        talked = chance.random() < 0.75
        rung_at = at + timedelta(seconds=chance.randint(2, 15))
        taken_by = None
        for last in (number == tries - 1 for number in range(tries)):
            took = last and talked
            leg = self._add(
                Leg,
                call_id=call,
                volunteer_id=chance.choice(self.volunteer_ids),
                rung_at=rung_at,
                ring_seconds=20,
                taken_at=rung_at + timedelta(seconds=chance.randint(2, 12)) if took else None,
                ended_at=rung_at + timedelta(seconds=20),
                outcome=LegOutcome.TALKED if took else LegOutcome.NO_ANSWER,
            )
            taken_by = leg if took else None
            rung_at += timedelta(seconds=20)
        self._add(
            Call,
            id=call,
            call_sid=f"CA{call:032}",
            direction=CallDirection.INCOMING,
            status=CallStatus.COMPLETED,
            line_id=self.line_id,
            caller_id=caller,
            group_id=self.group_id,
            request_id=request,
            language="en",
            started_at=at,
            pressed_key=True,
            ringing_since=at + timedelta(seconds=2),
            talked_seconds=chance.randint(20, 900) if talked else None,
            ended_at=rung_at + timedelta(seconds=60),
            taken_by_leg_id=taken_by,
        )
        return call

    def _texts(
        self, request: int, call: int, volunteer: int, at: datetime, closed: datetime | None
    ) -> None:
        for purpose, prompt, to in (
            (Purpose.FOLLOW_UP, "follow_up_caller", None),
            (Purpose.OUTCOME, "follow_up_volunteer", volunteer),
            (Purpose.NEXT_MORNING, "next_morning", None),
        ):
            failed = self.chance.random() < 0.01
            self._add(
                Text,
                message_sid=f"SM{FIRST_ID + len(self.rows.get(Text, [])):032}",
                direction=Direction.OUTGOING,
                purpose=purpose,
                status=TextStatus.UNDELIVERED if failed else TextStatus.DELIVERED,
                line_id=self.line_id,
                number=f"+447700900{600 + request % 399}",
                body="Thank you for ringing. We have written down what you need.",
                media_count=0,
                prompt=prompt,
                request_id=request,
                call_id=call,
                volunteer_id=to,
                once=f"{prompt}-{request}",
                at=at,
                tries=1,
                ended_at=at + timedelta(minutes=5),
                answered_at=closed if to else None,
            )

    def _callback(self, request: int, at: datetime, *, is_open: bool) -> None:
        # What is owed is due in the hours to come: nothing else is left undone.
        self._add(
            Callback,
            request_id=request,
            status=CallbackStatus.OWED if is_open else CallbackStatus.KEPT,
            asked_at=at,
            due_at=self.at + timedelta(minutes=self.chance.randint(-90, 300)) if is_open else at,
            next_try_at=self.at + timedelta(minutes=5) if is_open else None,
            tries=0,
            late_told_at=at,
            ended_at=None if is_open else at + timedelta(minutes=50),
        )

    def _voicemail(self, request: int, call: int, at: datetime, *, is_heard: bool) -> None:
        self._add(
            Voicemail,
            call_id=call,
            request_id=request,
            recording_sid=f"RE{call:032}",
            seconds=self.chance.randint(3, 180),
            status=VoicemailStatus.KEPT,
            recorded_at=at,
            heard_at=at + timedelta(hours=1) if is_heard and self.chance.random() < 0.9 else None,
            tries=1,
        )


_FIRST: tuple[type[Base], ...] = (Volunteer, Membership, Caller, Pattern, Request, Call, Leg)
_NAMES = ("Ada", "Bob", "Cy", "Di", "Eve", "Flo", "Gus", "Hana", "Ian", "Jo", "Kit", "Lena", "Max")
