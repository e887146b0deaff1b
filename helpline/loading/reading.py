"""Reads a file for `helpline load` into a plan, and gathers every complaint about it on the way."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches

from helpline.config.decided import LANGUAGE_KEYS
from helpline.config.values import calendar_date, clock_time
from helpline.config.yaml_file import Entry, Section
from helpline.loading import words
from helpline.loading.plan import GroupPlan, LinePlan, Plan, ShiftPlan, VolunteerPlan
from helpline.loading.telephones import Known, Telephones
from helpline.rules import HOME_ZONE

# Each area of a line has a key of its own, and the last keys may come to change the language.
MOST_AREAS = 9 - len(LANGUAGE_KEYS)


def read_plan(top: Entry, known: Known) -> Plan:
    """All that the file says. After a complaint (they go to those of `top`) it is worth nothing."""
    section = top.section("lines", "groups")
    if not section.fields:
        top.complain("holds neither 'lines' nor 'groups'; helpline/demo.yaml shows how to write it")
    telephones = Telephones(known)
    groups_of_lines: list[Entry] = []
    lines = [_line(entry, telephones, groups_of_lines) for entry in section.rows("lines")]
    groups = [_group(entry, telephones) for entry in section.rows("groups")]
    _complain_of_twins(section.rows("groups"), [group.name for group in groups])
    groups += _to_come(groups_of_lines, groups, known)
    return Plan(tuple(lines), tuple(groups), tuple(_warnings(lines, groups, known)))


def _to_come(named: Iterable[Entry], groups: Iterable[GroupPlan], known: Known) -> list[GroupPlan]:
    """Groups that a line names before anything is told of them: no volunteers yet, no rota.

    A name that is nearly another's is taken for a slip, and complained of.
    """
    names = {group.name for group in groups} | known.groups
    zone = next((group.timezone for group in groups), HOME_ZONE)
    new: dict[str, GroupPlan] = {}
    for entry in named:
        name = entry.read(_name_among(names, "group", may_be_new=True))
        if name and name not in names:
            new[name] = GroupPlan(name, zone, None, None, None, None)
    return list(new.values())


def _line(entry: Entry, telephones: Telephones, groups_of_lines: list[Entry]) -> LinePlan:
    section = entry.section("number", "name", "groups")
    number = section.needed("number", words.number, secret=True) or ""
    name = section.needed("name", words.name) or ""
    rows = section.rows("groups")
    groups_of_lines.extend(rows)
    groups = tuple(group for row in rows if (group := row.read(words.name)))
    if number:
        telephones.add_line(section, number)
    if not rows:
        section.complain("groups", "has no groups; write at least one")
    if len(rows) > MOST_AREAS:
        section.complain(
            "groups",
            f"has {len(rows)} groups, and a caller can choose among {MOST_AREAS} at most; "
            "give some of them a line of their own",
        )
    if len(set(groups)) < len(groups):
        section.complain("groups", "names a group twice; remove one of them")
    return LinePlan(number, name, groups)


def _group(entry: Entry, telephones: Telephones) -> GroupPlan:
    section = entry.section("name", "timezone", "postcodes", "ring_order", "volunteers", "rota")
    name = section.needed("name", words.name) or ""
    people = [_volunteer(row, telephones) for row in section.rows("volunteers")]
    _complain_of_twins(section.rows("volunteers"), [person.name for person in people])
    numbers = {person.name: person.number for person in people}
    return GroupPlan(
        name=name,
        timezone=section.needed("timezone", words.timezone) or "",
        postcodes=_postcodes(section) if "postcodes" in section.fields else None,
        ring_order=section.value("ring_order", words.ring_order, None),
        volunteers=tuple(people) if "volunteers" in section.fields else None,
        rota=_rota(section.rows("rota"), numbers) if "rota" in section.fields else None,
    )


def _postcodes(section: Section) -> tuple[str, ...]:
    codes = (row.read(words.postcode) for row in section.rows("postcodes"))
    return tuple(dict.fromkeys(code for code in codes if code))


def _volunteer(entry: Entry, telephones: Telephones) -> VolunteerPlan:
    section = entry.section("name", "number", "coordinator", "languages")
    languages = (row.read(words.language) for row in section.rows("languages"))
    volunteer = VolunteerPlan(
        name=section.needed("name", words.name) or "",
        number=section.needed("number", words.number, secret=True) or "",
        coordinator=section.value("coordinator", words.yes_or_no, otherwise=False),
        languages=tuple(dict.fromkeys(each for each in languages if each)),
    )
    if volunteer.number and volunteer.name:
        telephones.add_volunteer(section, volunteer)
    return volunteer


def _rota(rows: Iterable[Entry], numbers: dict[str, str]) -> tuple[ShiftPlan, ...]:
    rota: list[ShiftPlan] = []
    for entry in rows:
        shift = _shift(entry, numbers)
        if shift is not None and shift in rota:
            entry.complain("is here twice; remove one of them")
        elif shift is not None:
            rota.append(shift)
    return tuple(rota)


def _shift(entry: Entry, numbers: dict[str, str]) -> ShiftPlan | None:
    section = entry.section("days", "from", "to", "volunteers", "starting", "ending")
    days = section.needed("days", words.days)
    start = section.needed("from", clock_time)
    end = section.needed("to", clock_time)
    starting = section.value("starting", calendar_date, None)
    ending = section.value("ending", calendar_date, None)
    if starting and ending and ending < starting:
        section.complain("ending", "is before 'starting'; correct one of them")
    rows = section.rows("volunteers")
    if not rows:
        section.complain("volunteers", "has no volunteers; write who is on")
    named = [row.read(_name_among(numbers, "volunteer of this group")) for row in rows]
    if days is None or start is None or end is None:
        return None
    on = frozenset(numbers[name] for name in named if name)
    return ShiftPlan(days, start, end, on, starting, ending)


def _name_among(
    names: Collection[str], what: str, *, may_be_new: bool = False
) -> Callable[[str], str]:
    """A converter that takes these names and no others, and says which was meant.

    With `may_be_new`, also a name that is like none of them.
    """

    def convert(said: str) -> str:
        name = words.name(said)
        near = get_close_matches(name, names, n=1)
        if name in names or (may_be_new and not near):
            return name
        hint = f"did you mean '{near[0]}'?" if near else "add it, or correct the name"
        raise ValueError(f"that is no {what}; {hint}")

    return convert


def _complain_of_twins(rows: Iterable[Entry], names: Iterable[str]) -> None:
    """A name stands for one person, or one group, whichever way it is written."""
    met: set[str] = set()
    for entry, name in zip(rows, names, strict=True):
        if name and name.casefold() in met:
            entry.complain(f"{name} is here twice; remove one, or give it another name")
        met.add(name.casefold())


def _warnings(
    lines: Iterable[LinePlan], groups: Iterable[GroupPlan], known: Known
) -> Iterable[str]:
    on_a_line = {name for line in lines for name in line.groups}
    for group in groups:
        is_new = group.name not in known.groups
        if (is_new or group.volunteers is not None) and not any(
            person.coordinator for person in group.volunteers or ()
        ):
            yield f"{group.name} has no coordinator: nobody is told when something goes wrong."
        if not group.rota and (is_new or group.rota is not None):
            yield f"{group.name} has no rota: nobody is rung, and every caller is rung back later."
        if group.name not in on_a_line | known.groups:
            yield f"{group.name} is on no line: nobody can ring it."
    postcodes = {group.name: group.postcodes for group in groups}
    for line in lines:
        count = Counter(code for name in line.groups for code in postcodes.get(name) or ())
        for code in (code for code, times in count.items() if times > 1):
            yield f"{line.name}: {code} is the postcode of two groups, so texts cannot go by it."
