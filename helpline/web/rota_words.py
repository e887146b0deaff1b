"""The rota in words: days and patterns, and what was done to it, by whom."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Final

import flask_babel
from babel.dates import format_date, get_day_names
from flask_babel import get_locale, lazy_gettext

from helpline.names import alphabetical
from helpline.rota_changes import readings_of
from helpline.rota_edits import (
    AddShift,
    Away,
    CancelShift,
    ChangePattern,
    CloseDay,
    Did,
    DoubleBooked,
    Edit,
    EndLeave,
    EndPattern,
    MoveShift,
    NewPattern,
    NotRung,
    OpenDay,
    PastEdit,
    PutOn,
    Replace,
    ShortRest,
    TakeLeave,
    TakeOff,
    TakeOffAll,
    Warned,
    Was,
    WhyNotRung,
)
from helpline.web import wording
from helpline.when.recurrence import EVERY_DAY, LAST, Monthly, Recurrence

_NTHS: Final[Mapping[int, str]] = {
    1: lazy_gettext("first"),
    2: lazy_gettext("second"),
    3: lazy_gettext("third"),
    4: lazy_gettext("fourth"),
    5: lazy_gettext("fifth"),
    LAST: lazy_gettext("last"),
}

_NOT_RUNG: Final[Mapping[WhyNotRung, str]] = {
    WhyNotRung.DISABLED: lazy_gettext("no volunteer any more"),
    WhyNotRung.OPTED_OUT: lazy_gettext("said STOP, is not rung"),
    WhyNotRung.AWAITS_INDUCTION: lazy_gettext("not inducted yet, is not rung"),
    WhyNotRung.PAUSED: lazy_gettext("pauses, is not rung"),
}


def gettext(words: str, **values: object) -> str:
    """As flask_babel's, which does not say that it gives words."""
    return str(flask_babel.gettext(words, **values))


def ngettext(one: str, several: str, num: int, **values: object) -> str:
    """As flask_babel's, which does not say that it gives words."""
    return str(flask_babel.ngettext(one, several, num, **values))


def say_shift(starts: datetime, ends: datetime) -> str:
    """today 18:00–22:00, Tue 10 March 18:00–22:00: by wall-clock readings."""
    return f"{wording.day(starts.date())} {say_times(starts.time(), ends.time())}"


def say_date(on: date) -> str:
    """Tue 3 March, whatever day it is today."""
    return str(format_date(on, "EEE d MMMM", locale=get_locale()))


def say_times(start: time, end: time) -> str:
    """18:00–22:00; midnight at the end of a day is 24:00."""
    return f"{start:%H:%M}–{'24:00' if end == time(0) else f'{end:%H:%M}'}"


def say_days(days: Recurrence) -> str:
    """every day, every Tue and Thu, every 2 weeks on Tue, the first Mon of the month."""
    if isinstance(days, Monthly):
        nths = listed([str(_NTHS[nth]) for nth in sorted(days.nths, key=lambda nth: nth % 7)])
        return gettext("the %(nths)s %(days)s of the month", nths=nths, days=_names(days.weekdays))
    if days.every > 1:
        return ngettext(
            "every week on %(days)s",
            "every %(num)d weeks on %(days)s",
            days.every,
            days=_names(days.weekdays),
        )
    if days.weekdays == EVERY_DAY:
        return gettext("every day")
    return gettext("every %(days)s", days=_names(days.weekdays))


def say_pattern(days: Recurrence, start: time, end: time) -> str:
    """every Tue and Thu 18:00–22:00."""
    return f"{say_days(days)} {say_times(start, end)}"


def say_names(ids: Iterable[int], names: Mapping[int, str]) -> str:
    """Ada and Bob; nobody."""
    said = sorted((_name(each, names) for each in ids), key=alphabetical)
    return listed(said) if said else gettext("nobody")


def say_past(edit: PastEdit, names: Mapping[int, str]) -> list[str]:
    """What an edit did, a line for each thing."""
    if edit.done.loaded:
        return [
            ngettext(
                "%(num)d change by a file of lines and groups",
                "%(num)d changes by a file of lines and groups",
                edit.done.loaded,
            )
        ]
    return [say_did(each, names) for each in edit.done.did]


def say_did(did: Did, names: Mapping[int, str]) -> str:
    """What one edit did, or would do."""
    edit, was = did.edit, did.was
    match edit:
        case PutOn() | TakeOff() | Replace() | CancelShift() | MoveShift():
            return _of_shift(edit, _found(was), names)
        case AddShift(on=on, start=start, end=end, volunteers=volunteers):
            shift = say_shift(*readings_of(on, start, end))
            who = say_names(volunteers, names)
            return gettext("Shift added, %(shift)s: %(names)s", shift=shift, names=who)
        case NewPattern() | ChangePattern() | EndPattern():
            return _of_pattern(edit, was, names)
    return _of_days(edit, names)


def _of_shift(
    edit: PutOn | TakeOff | Replace | CancelShift | MoveShift, shift: str, names: Mapping[int, str]
) -> str:
    match edit:
        case PutOn(volunteer=who):
            return gettext("%(name)s put on, %(shift)s", name=_name(who, names), shift=shift)
        case TakeOff(volunteer=who):
            return gettext("%(name)s taken off, %(shift)s", name=_name(who, names), shift=shift)
        case Replace(old=old, new=new):
            return gettext(
                "%(new)s put on in place of %(old)s, %(shift)s",
                new=_name(new, names),
                old=_name(old, names),
                shift=shift,
            )
        case CancelShift():
            return gettext("Shift cancelled, %(shift)s", shift=shift)
        case MoveShift(on=on, start=start, end=end):
            to = say_shift(*readings_of(on, start, end))
            return gettext("Shift moved, %(shift)s: now %(to)s", shift=shift, to=to)


def _of_pattern(
    edit: NewPattern | ChangePattern | EndPattern, was: Was | None, names: Mapping[int, str]
) -> str:
    before = gettext("a pattern")
    if was is not None and was.days and was.start is not None and was.end is not None:
        before = say_pattern(was.days, was.start, was.end)
    if isinstance(edit, EndPattern):
        return gettext(
            "Pattern ended, %(pattern)s: none from %(day)s on",
            pattern=before,
            day=wording.day(edit.from_date),
        )
    now = say_pattern(edit.days, edit.start, edit.end)
    who = say_names(edit.volunteers, names)
    if isinstance(edit, NewPattern):
        day = wording.day(edit.starts_on)
        return gettext(
            "New pattern, %(pattern)s, from %(day)s on: %(names)s", pattern=now, day=day, names=who
        )
    return gettext(
        "Pattern changed, %(before)s (%(old)s): from %(day)s on %(pattern)s, %(names)s",
        before=before,
        old=say_names(was.volunteers, names) if was else "",
        day=wording.day(edit.from_date),
        pattern=now,
        names=who,
    )


def _of_days(edit: Edit, names: Mapping[int, str]) -> str:
    match edit:
        case TakeLeave(volunteer=who, first=first, last=last):
            return gettext(
                "Leave for %(name)s, %(days)s", name=_name(who, names), days=say_span(first, last)
            )
        case EndLeave(volunteer=who, first=first, last=last):
            return gettext(
                "Leave of %(name)s taken back, %(days)s",
                name=_name(who, names),
                days=say_span(first, last),
            )
        case TakeOffAll(volunteer=who):
            return gettext("%(name)s taken off all shifts to come", name=_name(who, names))
        case CloseDay(on=on, name=name):
            return gettext("Line closed, %(day)s: %(name)s", day=wording.day(on), name=name)
        case OpenDay(on=on):
            return gettext("Line open after all, %(day)s", day=wording.day(on))
    raise ValueError(f"no words for {type(edit).__name__}")


def say_span(first: date, last: date) -> str:
    """Tue 3 March, or Tue 3 March – Fri 6 March."""
    said = wording.day(first)
    return said if first == last else f"{said} – {wording.day(last)}"


def listed(words: list[str]) -> str:
    """Ada, Bob and Cyd."""
    if len(words) < 2:
        return "".join(words)
    return gettext("%(several)s and %(last)s", several=", ".join(words[:-1]), last=words[-1])


def _names(weekdays: Iterable[int]) -> str:
    names = get_day_names("abbreviated", locale=get_locale())
    return listed([str(names[weekday]) for weekday in sorted(weekdays)])


def _name(volunteer_id: int, names: Mapping[int, str]) -> str:
    return names.get(volunteer_id) or gettext("somebody")


def _found(was: Was | None) -> str:
    if was is None or was.starts is None or was.ends is None:
        return gettext("a shift that is gone")
    return say_shift(was.starts, was.ends)


def say_concern(concern: Warned) -> str:
    """What speaks against somebody on a shift, in a few words beside their name."""
    match concern:
        case DoubleBooked():
            return gettext("on another shift then")
        case ShortRest(rest=rest):
            hours = int(rest.total_seconds()) // 3600
            return ngettext("only %(num)d hour of rest", "only %(num)d hours of rest", hours)
        case Away():
            return gettext("on leave")
        case NotRung(why=why):
            return str(_NOT_RUNG[why])
