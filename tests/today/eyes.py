"""What a coordinator of one group sees of today, in tests."""

from helpline.today import glance
from helpline.today.glance import Today
from helpline.watching import heartbeats
from tests.harness import HEBDEN, Helpline


class Eyes:
    """Looks at the page of today of one group, whenever asked."""

    def __init__(self, helpline: Helpline, group: str = HEBDEN) -> None:
        self._helpline = helpline
        self._group_id = helpline.group_named(group)

    def look(self) -> Today:
        """Everything, now."""
        with self._helpline.database.reading() as session:
            now = self._helpline.clock.now()
            return glance.look(session, self._helpline.house.rules, self._group_id, now)

    def is_fresh(self, tag: str) -> bool:
        """Whether whoever has seen this tag sees the truth."""
        with self._helpline.database.reading() as session:
            return glance.is_fresh(session, self._group_id, tag, self._helpline.clock.now())


def all_parts_beat(helpline: Helpline) -> None:
    """The workers and the clock are seen at this moment."""
    with helpline.database.unit_of_work() as session:
        for part in (*heartbeats.WORKERS, heartbeats.CLOCK):
            heartbeats.beat(session, part, helpline.clock.now())
