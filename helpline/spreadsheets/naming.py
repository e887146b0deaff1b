"""Names of people as cells of a spreadsheet, and back: each name means one person."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from helpline.models import Membership, Pattern, PatternVolunteer, RotaChange, Volunteer
from helpline.privacy.forgetting import NAMELESS
from helpline.spreadsheets.files import defused, plain, undefused
from helpline.when.day_languages import NOBODY

_BETWEEN = re.compile(r"([;,\n])")
_SHOWN = 80
_NO_NAMES = NOBODY | {""}


@dataclass(frozen=True, slots=True)
class NoSuchPerson:
    """A name that is nobody's, or of several; `meant` are the names that it may stand for."""

    said: str
    meant: tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """The name of each person (by id) that is theirs alone, and who of them is in the group."""

    by_id: Mapping[int, str]
    members: frozenset[int]
    _ids: Mapping[str, int] = field(init=False, repr=False)
    # How many commas and the like the one of these names has that has most.
    _commas: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        ids = {_key(name): volunteer for volunteer, name in self.by_id.items()}
        commas = max((len(_BETWEEN.findall(name)) for name in self.by_id.values()), default=0)
        object.__setattr__(self, "_ids", ids)
        object.__setattr__(self, "_commas", commas)

    def cell(self, volunteers: Collection[int]) -> str:
        """One cell with the names of all these people."""
        return defused("; ".join(sorted(self.by_id[each] for each in volunteers)))

    def read(self, cell: str) -> Iterator[int | NoSuchPerson]:
        """Everybody whom a cell names, with ; or , or a new line between them; "nobody" is none."""
        parts = _BETWEEN.split(undefused(cell))
        begin = 0
        while begin < len(parts):
            # A name may have a comma in it: the longest that is somebody's is meant.
            for end in range(min(len(parts), begin + 1 + 2 * self._commas), begin, -2):
                whole = _key("".join(parts[begin:end]))
                if whole in self._ids:
                    yield self._ids[whole]
                    break
            else:
                end = begin + 1
                if _key(parts[begin]) not in _NO_NAMES:
                    yield self._nobody(parts[begin])
            begin = end + 1

    def _nobody(self, part: str) -> NoSuchPerson:
        said = plain(part)[:_SHOWN]
        # Somebody whose name is not theirs alone has another one here: "Ann (12)".
        twins = [name for name in self.by_id.values() if _key(name).startswith(f"{_key(said)} (")]
        near = [self.by_id[self._ids[key]] for key in get_close_matches(_key(said), self._ids, n=1)]
        return NoSuchPerson(said, tuple(sorted(twins) or near))


def names_in(session: Session, group_id: int) -> Names:
    """Names for everybody who belongs to a group, or once had a place on its rota."""
    members = select(Membership.volunteer_id).where(Membership.group_id == group_id)
    patterns = select(Pattern.id).where(Pattern.group_id == group_id)
    on_patterns = select(PatternVolunteer.volunteer_id).where(
        PatternVolunteer.pattern_id.in_(patterns)
    )
    changed = select(RotaChange.volunteer_id).where(
        RotaChange.group_id == group_id, RotaChange.volunteer_id.is_not(None)
    )
    rows = session.execute(
        select(Volunteer.id, Volunteer.name, Volunteer.id.in_(members).label("is_member"))
        .where(Volunteer.id.in_(union(members, on_patterns, changed)))
        .order_by(Volunteer.id)
    ).all()
    return names(
        {row.id: row.name for row in rows}, frozenset(row.id for row in rows if row.is_member)
    )


def names(people: Mapping[int, str], members: Collection[int] = ()) -> Names:
    """Names for these people (by id): where several have the same, each with a number."""
    often = Counter(map(_key, people.values()))
    taken = {key for key, times in often.items() if times == 1}
    given: dict[int, str] = {}
    for volunteer, name in people.items():
        own = plain(name)
        # A dash that somebody types means nobody, not whoever is forgotten.
        if often[_key(name)] > 1 or not own or own == NAMELESS:
            own = f"{own} ({volunteer})"
            while _key(own) in taken:
                own = f"{own}*"
            taken.add(_key(own))
        given[volunteer] = own
    return Names(given, frozenset(members))


def _key(name: str) -> str:
    """What two ways of writing one name have in common."""
    return plain(name).casefold()
