"""How an edit is kept, as JSON: what was done, what it bore on, and what takes it back."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any, Final, TypeVar

from helpline.rota import AddedShift, PatternShift, ShiftName
from helpline.rota_edits import values
from helpline.rota_edits.values import Edit
from helpline.rota_edits.writing import Written
from helpline.when.day_words import parse_recurrence, say_recurrence
from helpline.when.recurrence import Monthly, Recurrence, Weekly

Built = TypeVar("Built")


@dataclass(frozen=True, slots=True)
class Was:
    """What an edit found: a shift (its readings) or a pattern, and who was on it, by id."""

    volunteers: tuple[int, ...]
    starts: datetime | None = None
    ends: datetime | None = None
    days: Recurrence | None = None
    start: time | None = None
    end: time | None = None


@dataclass(frozen=True, slots=True)
class Did:
    """One edit that was made, and what it found."""

    edit: Edit
    was: Was | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """All that was done at once: edits, or (`loaded`) so many changes by `helpline load`.

    `bears_on` are keys that say which shifts, patterns and days; `people` are ids.
    """

    did: tuple[Did, ...] = ()
    bears_on: frozenset[str] = frozenset()
    people: frozenset[int] = frozenset()
    loaded: int = 0

    def touches(self, bears_on: Iterable[str]) -> bool:
        """Whether something that bears on these keys has to do with this."""
        return bool(self.loaded) or any(
            _meet(key, other) for key in bears_on for other in self.bears_on
        )


def shift_key(name: ShiftName) -> str:
    """Stands for a shift in `bears_on`."""
    if isinstance(name, PatternShift):
        return f"shift {name.pattern_id} {name.on}"
    return f"added {name.change_id}"


def pattern_key(pattern_id: int) -> str:
    """Stands for a pattern, with all of its shifts."""
    return f"pattern {pattern_id}"


def _meet(key: str, other: str) -> bool:
    if key == other:
        return True
    words, others = key.split(), other.split()
    return {words[0], others[0]} == {"shift", "pattern"} and words[1] == others[1]


def dumps_done(done: Done) -> str:
    """What was done, as JSON."""
    kept = {
        "did": [
            {"edit": dump_edit(each.edit), "was": _plain(each.was) if each.was else None}
            for each in done.did
        ],
        "bears_on": sorted(done.bears_on),
        "people": sorted(done.people),
        "loaded": done.loaded,
    }
    return json.dumps(kept, ensure_ascii=False)


def loads_done(text: str) -> Done:
    """What was done, from its JSON."""
    kept = json.loads(text)
    return Done(
        tuple(
            Did(load_edit(each["edit"]), _built(Was, each["was"]) if each["was"] else None)
            for each in kept["did"]
        ),
        frozenset(kept["bears_on"]),
        frozenset(kept["people"]),
        kept["loaded"],
    )


def dumps_written(written: Written) -> str:
    """Which rows were written, as JSON."""
    return json.dumps(_value(_plain(written)))


def loads_written(text: str) -> Written:
    """Which rows were written, from its JSON."""
    kept = json.loads(text)
    return Written(
        changes=kept["changes"],
        voided=kept["voided"],
        revived=kept["revived"],
        pairs=[(first, second) for first, second in kept["pairs"]],
        patterns=kept["patterns"],
        patterns_voided=kept["patterns_voided"],
        patterns_revived=kept["patterns_revived"],
        ends=[(key, _date(was), _date(now)) for key, was, now in kept["ends"]],
        carried=[(ids, one, other) for ids, one, other in kept["carried"]],
        leaves=[_leave(each) for each in kept["leaves"]],
        leaves_gone=[_leave(each) for each in kept["leaves_gone"]],
        holidays=[(date.fromisoformat(on), was, now) for on, was, now in kept["holidays"]],
    )


def dump_edit(edit: Edit) -> dict[str, Any]:
    """One edit as plain words and numbers, for JSON and for a form's hidden field."""
    return {"kind": type(edit).__name__, **_plain(edit)}


def load_edit(kept: Mapping[str, Any]) -> Edit:
    """The edit again. Raises ValueError for anything else."""
    kind = _KINDS.get(str(kept.get("kind")))
    if kind is None:
        raise ValueError("no such edit")
    # Only a pattern need not have a last day.
    if any(value is None for name, value in kept.items() if name != "ends_on"):
        raise ValueError("not the whole of an edit")
    try:
        return _built(kind, {name: value for name, value in kept.items() if name != "kind"})
    except (TypeError, KeyError, AttributeError) as problem:
        raise ValueError("not an edit") from problem


def dump_edits(edits: Iterable[Edit]) -> str:
    """Edits as JSON."""
    return json.dumps([dump_edit(edit) for edit in edits], ensure_ascii=False)


def load_edits(text: str) -> tuple[Edit, ...]:
    """Edits from their JSON, which may have been to a browser. Raises ValueError."""
    try:
        kept = json.loads(text)
    except RecursionError:
        raise ValueError("brackets within brackets, too often") from None
    if not isinstance(kept, list) or not all(isinstance(each, dict) for each in kept):
        raise ValueError("not edits")
    return tuple(load_edit(each) for each in kept)


_KINDS: Final[Mapping[str, Callable[..., Edit]]] = {
    kind.__name__: kind
    for kind in (
        values.PutOn,
        values.TakeOff,
        values.Replace,
        values.CancelShift,
        values.MoveShift,
        values.AddShift,
        values.NewPattern,
        values.ChangePattern,
        values.EndPattern,
        values.TakeLeave,
        values.EndLeave,
        values.TakeOffAll,
        values.CloseDay,
        values.OpenDay,
    )
}


def _plain(value: Any) -> dict[str, Any]:
    return {each.name: _value(getattr(value, each.name)) for each in fields(value)}


def _value(value: Any) -> Any:
    match value:
        case PatternShift(pattern_id=pattern_id, on=on):
            return {"pattern": pattern_id, "on": on.isoformat()}
        case AddedShift(change_id=change_id):
            return {"added": change_id}
        case Weekly() | Monthly():
            return say_recurrence(value)
        case date() | time():
            return value.isoformat()
        case dict():
            return {name: _value(each) for name, each in value.items()}
        case list() | tuple():
            return [_value(each) for each in value]
    return value


def _built(kind: Callable[..., Built], kept: Mapping[str, Any]) -> Built:
    return kind(**{name: _read(name, value) for name, value in kept.items()})


def _read(name: str, kept: Any) -> Any:
    read: Callable[[Any], Any] = _READ.get(name, _whole)
    return None if kept is None else read(kept)


def _whole(kept: Any) -> int:
    if type(kept) is not int:
        raise TypeError("not a whole number")
    return kept


def _date(kept: Any) -> date | None:
    return None if kept is None else date.fromisoformat(kept)


def _leave(kept: Any) -> tuple[int, date, date]:
    volunteer, first, last = kept
    return volunteer, date.fromisoformat(first), date.fromisoformat(last)


def _shift(kept: Any) -> ShiftName:
    if "added" in kept:
        return AddedShift(_whole(kept["added"]))
    return PatternShift(_whole(kept["pattern"]), date.fromisoformat(kept["on"]))


def _wholes(kept: Any) -> tuple[int, ...]:
    return tuple(_whole(each) for each in kept)


def _words(kept: Any) -> str:
    if not isinstance(kept, str):
        raise TypeError("not words")
    return kept


# What each field of an edit, or of what it found, is read with; the others are ids.
_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "shift": _shift,
    "volunteers": _wholes,
    "days": parse_recurrence,
    "name": _words,
    **dict.fromkeys(("start", "end"), time.fromisoformat),
    **dict.fromkeys(("starts", "ends"), datetime.fromisoformat),
    **dict.fromkeys(
        ("on", "first", "last", "from_date", "starts_on", "ends_on"), date.fromisoformat
    ),
}
