"""A valley with two groups on one line, and what neighbours asked of it, written down by hand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from helpline.database import Database
from helpline.models import (
    Callback,
    CallbackStatus,
    Caller,
    Direction,
    Group,
    Kind,
    Line,
    LineGroup,
    Membership,
    Note,
    Request,
    Text,
    TextStatus,
    Volunteer,
)
from helpline.request_changes import By
from helpline.sealing import search_index

AT = datetime(2026, 3, 3, 10, tzinfo=UTC)
EDNA = "+447700900501"


@dataclass
class Village:
    """Hebden Bridge (Carol runs it, Ada and Bob volunteer), Todmorden (Tina), and their line."""

    database: Database
    ids: dict[str, int] = field(default_factory=dict)
    _codes: int = 1000

    def __post_init__(self) -> None:
        with self.database.unit_of_work() as session:
            line = Line(number="+441632960001", name="Calder Valley")
            other = Line(number="+441632960002", name="Leeds")
            caller = Caller(number=EDNA, first_heard_at=AT)
            session.add_all([line, other, caller])
            session.flush()
            self.ids |= {"line": line.id, "other line": other.id, "Edna": caller.id}
            for position, name in enumerate(("Hebden Bridge", "Todmorden")):
                group = Group(name=name, timezone="Europe/London")
                session.add(group)
                session.flush()
                session.add(LineGroup(line_id=line.id, group_id=group.id, position=position))
                self.ids[name] = group.id
            for place, (name, group_name) in enumerate(
                (("Carol", "Hebden Bridge"), ("Ada", "Hebden Bridge"), ("Bob", "Hebden Bridge"))
            ):
                self._joins(session, name, group_name, place)
            self._joins(session, "Tina", "Todmorden", 9)

    def _joins(self, session: Session, name: str, group: str, place: int) -> None:
        volunteer = Volunteer(name=name, number=f"+44770090010{place}", languages="en")
        session.add(volunteer)
        session.flush()
        coordinator = name in ("Carol", "Tina")
        session.add(
            Membership(group_id=self.ids[group], volunteer_id=volunteer.id, coordinator=coordinator)
        )
        self.ids[name] = volunteer.id

    def asked(self, says: str = "", ago: timedelta = timedelta(hours=1), **values: Any) -> int:
        """A request of Edna's, with the words she texted; `values` are columns. Its id."""
        self._codes += 1
        given = {
            "kind": Kind.ASK,
            "line_id": self.ids["line"],
            "group_id": self.ids["Hebden Bridge"],
            "caller_id": self.ids["Edna"],
            "code": str(self._codes),
            "opened_at": AT - ago,
        }
        with self.database.unit_of_work() as session:
            request = Request(**(given | values))
            session.add(request)
            session.flush()
            if says:
                session.add(
                    Text(
                        direction=Direction.INCOMING,
                        status=TextStatus.RECEIVED,
                        line_id=request.line_id,
                        number=EDNA,
                        body=says,
                        request_id=request.id,
                        at=request.opened_at,
                    )
                )
                search_index.add(session, request.id, says)
            return request.id

    def noted(self, request_id: int, words: str) -> None:
        """Ada wrote this about it."""
        with self.database.unit_of_work() as session:
            session.add(
                Note(
                    request_id=request_id,
                    volunteer_id=self.ids["Ada"],
                    written_at=AT,
                    words=words,
                    once=f"{request_id}:{words[:20]}",
                )
            )
            search_index.add(session, request_id, words)

    def owed(
        self, request_id: int, due_at: datetime, status: CallbackStatus = CallbackStatus.OWED
    ) -> None:
        """We promised to ring them back by then."""
        with self.database.unit_of_work() as session:
            session.add(
                Callback(
                    request_id=request_id,
                    status=status,
                    asked_at=AT - timedelta(hours=2),
                    due_at=due_at,
                    next_try_at=None if status is CallbackStatus.UNDECIDED else due_at,
                )
            )

    def request(self, request_id: int) -> Request:
        """It, as it stands now."""
        with self.database.unit_of_work() as session:
            return session.get_one(Request, request_id)

    def by(self, name: str, request_id: int, once: str = "once", version: int | None = None) -> By:
        """Somebody who has the page of this request open, as it stands now."""
        seen = self.request(request_id).version if version is None else version
        return By(self.ids[name], AT, seen, once)
