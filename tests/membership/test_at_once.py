"""Two people do something at the same moment: one after the other, and neither to no one."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from helpline.models import Group, Membership
from helpline.people import joining, leaving, membership
from helpline.people.joining import AlreadyHere, Details
from helpline.people.membership import LastCoordinator
from tests.harness import Helpline
from tests.membership.group import HebdenBridge

ROUNDS = 15


@pytest.fixture
def hebden(tmp_path: Path, postgresql_url: str) -> Iterator[HebdenBridge]:
    """Where several can write at the same time."""
    helpline = Helpline(tmp_path, database_url=postgresql_url)
    yield HebdenBridge(helpline)
    helpline.close()


def at_once(*doings: Callable[[], Any]) -> list[Any]:
    """What each came to: its answer, or what was raised."""
    start = Barrier(len(doings))

    def do(doing: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return doing()
        except (LastCoordinator, AlreadyHere) as error:
            return type(error)

    with ThreadPoolExecutor(len(doings)) as threads:
        return list(threads.map(do, doings))


def test_two_coordinators_make_each_other_none_and_one_is_left(hebden: HebdenBridge) -> None:
    ada = hebden.helpline.volunteer("Ada").id
    for _ in range(ROUNDS):
        for who in (ada, hebden.carol):
            hebden.does(membership.make_coordinator, who)
        found = at_once(
            lambda: hebden.does(membership.no_coordinator, ada),
            lambda: hebden.does(membership.no_coordinator, hebden.carol),
        )
        assert sorted(map(str, found)) == [str(LastCoordinator), "None"]


def test_one_leaves_while_the_other_is_made_none(hebden: HebdenBridge) -> None:
    with hebden.helpline.database.reading() as session:
        group = session.get_one(Group, hebden.id)

    def leave(volunteer_id: int) -> None:
        with hebden.helpline.database.unit_of_work() as session:
            now = hebden.helpline.clock.now()
            leaving.leave(session, group, volunteer_id, hebden.carol, now)

    for n in range(ROUNDS):
        bea = hebden.adds(f"Bea {n}", f"+4477009003{n:02}").volunteer_id
        hebden.does(membership.make_coordinator, bea)
        hebden.does(membership.make_coordinator, hebden.carol)
        at_once(
            lambda bea=bea: leave(bea),
            lambda: hebden.does(membership.no_coordinator, hebden.carol),
        )
        running = [row for row in hebden.helpline.rows_of(Membership) if row.coordinator]
        assert running


def test_somebody_added_twice_at_once_joins_once(hebden: HebdenBridge) -> None:
    for n in range(ROUNDS):
        found = at_once(
            *(
                lambda n=n: hebden.does_by_the_rules(
                    joining.add, Details(f"Nia {n}"), f"+4477009003{n:02}"
                )
                for _ in range(2)
            )
        )
        assert [each for each in found if each is AlreadyHere] == [AlreadyHere]
