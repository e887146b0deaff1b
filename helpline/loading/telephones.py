"""Whose telephone each number of a file is, so that no number is taken for two."""

from dataclasses import dataclass

from helpline.config.yaml_file import Section
from helpline.loading.plan import VolunteerPlan


@dataclass(frozen=True, slots=True)
class Known:
    """What was loaded before: the names of groups, and the numbers (E.164) of lines and people."""

    groups: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()
    volunteers: frozenset[str] = frozenset()


class Telephones:
    """The numbers met so far in one file; a number that is met again wrongly is a complaint."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._lines: set[str] = set()
        self._volunteers: dict[str, VolunteerPlan] = {}

    def add_line(self, section: Section, number: str) -> None:
        """A line of the file has this number."""
        if number in self._lines:
            section.complain("number", "is another line's number too; remove one of them")
        if number in self._known.volunteers:
            section.complain("number", "is a volunteer's own number; write the line's")
        self._lines.add(number)

    def add_volunteer(self, section: Section, volunteer: VolunteerPlan) -> None:
        """A volunteer of the file has this number; the same person may be in several groups."""
        if volunteer.number in self._lines | self._known.lines:
            section.complain("number", "is a line's number; write the volunteer's own")
        earlier = self._volunteers.setdefault(volunteer.number, volunteer)
        if earlier.name != volunteer.name:
            section.complain(
                "number",
                f"is {earlier.name}'s number too; correct the number, or write the same name twice",
            )
        if volunteer.languages and not earlier.languages:
            self._volunteers[volunteer.number] = volunteer
        elif volunteer.languages and volunteer.languages != earlier.languages:
            section.complain(
                "languages",
                f"differ from {earlier.name}'s languages in another group; write the same twice",
            )
