"""What edits of a rota would change, in words; and why one cannot be made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext, ngettext

from helpline import rota_edits
from helpline.names import alphabetical
from helpline.rota_edits import (
    Away,
    CannotEdit,
    DoubleBooked,
    NotRung,
    Preview,
    ShortRest,
    Warned,
    WhyNotRung,
)
from helpline.rota_views.holes import Hole
from helpline.web import wording
from helpline.when.spans import Span

T = TypeVar("T")
# As many as somebody reads; the rest are counted.
SHOWN: Final = 6

_NOT_RUNG: Final[Mapping[WhyNotRung, str]] = {
    WhyNotRung.DISABLED: lazy_gettext("is not a volunteer any more, and is not rung"),
    WhyNotRung.OPTED_OUT: lazy_gettext("said STOP, and is not rung"),
    WhyNotRung.AWAITS_INDUCTION: lazy_gettext("is not rung before the induction is done"),
}
_CANNOT: Final[Mapping[type[CannotEdit], str]] = {
    rota_edits.NoSuchShift: lazy_gettext("That shift is not on the rota any more."),
    rota_edits.NoSuchPattern: lazy_gettext("That pattern is over, or was changed."),
    rota_edits.InThePast: lazy_gettext("That is over: the past never changes."),
    rota_edits.NotOnIt: lazy_gettext("That person is not on this shift any more."),
    rota_edits.OnItAlready: lazy_gettext("That person is on this shift already."),
    rota_edits.NotInGroup: lazy_gettext("Only people of this group can be on its rota."),
    rota_edits.NoSuchLeave: lazy_gettext("There is no such leave any more."),
    rota_edits.NoSuchHoliday: lazy_gettext("The line is not closed on that day."),
    rota_edits.ChangesNothing: lazy_gettext("The rota is so already."),
    rota_edits.ChangedMeanwhile: lazy_gettext("Somebody else has changed this meanwhile."),
}


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines, and how many more there would be."""

    shown: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class SaidOfPerson:
    """What changes for somebody."""

    name: str
    added: Lines
    removed: Lines


@dataclass(frozen=True, slots=True)
class Said:
    """A preview in the words of the page, by the clock of the group."""

    people: tuple[SaidOfPerson, ...]
    new_holes: Lines
    filled: Lines
    warnings: tuple[str, ...]
    until: str


def say(preview: Preview, group_id: int, zone: ZoneInfo, most: int = SHOWN) -> Said:
    """What the template shows of a preview: of each kind of thing `most`, and how many more."""
    people = sorted(preview.people, key=lambda each: alphabetical(each.name))
    return Said(
        tuple(
            SaidOfPerson(
                each.name,
                _lines(each.added, lambda span: say_span(span, zone), most),
                _lines(each.removed, lambda span: say_span(span, zone), most),
            )
            for each in people
        ),
        _lines(preview.new_holes, lambda hole: _hole(hole, zone), most),
        _lines(preview.filled, lambda hole: _hole(hole, zone), most),
        tuple(say_warning(each, group_id, zone) for each in preview.warnings),
        wording.day(preview.looked_at.ends, zone),
    )


def cannot(problem: CannotEdit) -> str:
    """Why an edit cannot be made."""
    return str(_CANNOT.get(type(problem)) or gettext("The rota cannot be changed like that."))


def say_span(span: Span, zone: ZoneInfo) -> str:
    """Tue 3 March 18:00–22:00."""
    day = wording.day(span.starts, zone)
    return f"{day} {wording.span(span.starts, span.ends, zone)}"


def say_warning(warned: Warned, group_id: int, zone: ZoneInfo) -> str:
    """What to know before saving, in a sentence."""
    words = _of_the_first(warned, group_id, zone)
    more = warned.and_more
    if not more:
        return words
    times = ngettext("(And %(num)d more time.)", "(And %(num)d more times.)", more)
    return f"{words} {times}"


def _of_the_first(warned: Warned, group_id: int, zone: ZoneInfo) -> str:
    on = say_span(warned.on, zone)
    match warned:
        case DoubleBooked(name=name, other=other) if warned.group_id == group_id:
            words = gettext(
                "%(name)s, %(on)s: is on another shift at that time (%(other)s).",
                name=name,
                on=on,
                other=wording.span(other.starts, other.ends, zone),
            )
        case DoubleBooked(name=name):
            # Which group, and which shift of its, is no business of this one's.
            words = gettext(
                "%(name)s, %(on)s: is on at that time in another group.", name=name, on=on
            )
        case ShortRest(name=name, other=other, rest=rest):
            words = gettext(
                "%(name)s, %(on)s: only %(rest)s of rest from or until the shift of %(other)s.",
                name=name,
                on=on,
                rest=_rest(rest),
                other=say_span(other, zone),
            )
        case Away(name=name, first=first, last=last):
            words = gettext(
                "%(name)s, %(on)s: is on leave from %(first)s to %(last)s.",
                name=name,
                on=on,
                first=wording.day(first, zone),
                last=wording.day(last, zone),
            )
        case NotRung(name=name, why=WhyNotRung.PAUSED, until=until) if until:
            words = gettext(
                "%(name)s, %(on)s: pauses until %(until)s.",
                name=name,
                on=on,
                until=wording.moment(until, zone),
            )
        case NotRung(name=name, why=why):
            words = f"{name}, {on}: {_NOT_RUNG[why]}."
    return str(words)


def _hole(hole: Hole, zone: ZoneInfo) -> str:
    return say_span(Span(hole.starts, hole.ends), zone)


def _lines(those: Sequence[T], said: Callable[[T], str], most: int) -> Lines:
    # Only what is shown is put into words: a large import has ten thousand lines.
    return Lines(tuple(map(said, those[:most])), max(0, len(those) - most))


def _rest(rest: timedelta) -> str:
    hours, minutes = divmod(int(rest.total_seconds()) // 60, 60)
    if not minutes:
        return str(ngettext("%(num)d hour", "%(num)d hours", hours))
    return f"{hours}:{minutes:02}"
