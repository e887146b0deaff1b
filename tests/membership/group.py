"""A group in the hands of Carol, who coordinates it: what she does, by the services themselves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from helpline.models import AuditLine, Membership, Volunteer
from helpline.people import induction, joining
from helpline.people.joining import Details, Joined
from tests.harness import HEBDEN, Helpline

T = TypeVar("T")


class HebdenBridge:
    """The harness's first group."""

    def __init__(self, helpline: Helpline) -> None:
        self.helpline, self.rules = helpline, helpline.house.rules
        self.id = helpline.group_named(HEBDEN)
        self.carol = helpline.coordinator("Carol").id

    def does(self, what: Callable[..., T], *about: Any) -> T:
        """Carol does something that says who did it, and when."""
        with self.helpline.database.unit_of_work() as session:
            return what(session, self.id, *about, self.carol, self.helpline.clock.now())

    def does_by_the_rules(self, what: Callable[..., T], *about: Any) -> T:
        """The same, where config.yaml has a say."""
        return self.does(lambda session, *more: what(session, self.rules, *more), *about)

    def adds(self, name: str, number: str = "+447700900301", **details: Any) -> Joined:
        """Carol adds somebody by hand."""
        return self.does_by_the_rules(joining.add, Details(name, **details), number)

    def ticks(self, volunteer_id: int, *steps: str) -> list[bool]:
        """Carol ticks steps of somebody's induction."""
        return [self.does_by_the_rules(induction.tick, volunteer_id, step) for step in steps]

    def member(self, volunteer_id: int) -> Membership:
        """Somebody's place in the group, as it stands now."""
        with self.helpline.database.unit_of_work() as session:
            return session.get_one(Membership, (self.id, volunteer_id))

    def volunteer(self, volunteer_id: int) -> Volunteer:
        """Somebody, as they stand now."""
        with self.helpline.database.unit_of_work() as session:
            return session.get_one(Volunteer, volunteer_id)

    def events(self) -> list[tuple[Any, ...]]:
        """What is on record for the group: (event, about whom, by whom, detail)."""
        return [
            (line.event, line.volunteer_id, line.by_id, line.detail)
            for line in self.helpline.rows(AuditLine, group_id=self.id)
        ]

    def waits(self, **time: float) -> None:
        """Time passes, in which nobody does anything."""
        self.helpline.clock.advance(timedelta(**time).total_seconds())
