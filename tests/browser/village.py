"""A village in the middle of its week: a rota with holes, calls, texts, voicemails, promises.

Everything comes about as it would: people ring and text, volunteers answer; the last call is still
going on. It ends on Tuesday 3 March 2026, 10:00.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from sqlalchemy import select

from helpline import rota_edits
from helpline.models import Caller, Group, Pattern, PatternVolunteer, Request
from helpline.rota_edits import AddShift, TakeLeave
from helpline.watching import heartbeats
from tests.harness import HEBDEN, TODMORDEN, TUESDAY_MORNING, Helpline
from tests.people import Neighbour, OnThePhone

BEGINS = datetime(2026, 2, 23, 8, 0, tzinfo=UTC)
COORDINATOR, VOLUNTEER, OTHER_COORDINATOR = "Carol", "Ada", "Tina"
POLISH_COORDINATOR = "Zofia"
NAMES = [
    "Bob",
    "Dilys",
    "Ewa",
    "Femi",
    "Grace",
    "Harry",
    "Iris",
    "Jamal",
    "Kath",
    "Leon",
    "Maureen",
    "Nadia",
    "Owen",
    "Priya",
    "Ruth",
    "Stan",
    "Tomasz",
    "Wendy",
]
_SHIFTS = (
    ("Mon-Fri", "08:00", "13:00", ("Ada", "Bob")),
    ("Mon, Wed, Fri", "13:00", "18:00", ("Dilys", "Ewa")),
    ("Tue", "13:00", "18:00", ("Femi",)),
    ("Sat", "08:00", "13:00", ("Grace", "Harry")),
    ("Sat, Sun", "13:00", "18:00", ("Iris",)),
    ("first Mon", "18:00", "20:00", ("Carol",)),
)


def furnish(helpline: Helpline) -> None:
    """Let a week go by in this helpline, made at BEGINS, until Tuesday morning."""
    valley = helpline.valley()
    helpline.coordinator(COORDINATOR)
    helpline.volunteer(VOLUNTEER)
    helpline.volunteer(POLISH_COORDINATOR, coordinator=True, languages="pl en")
    for name in NAMES:
        languages = "pl en" if name in ("Ewa", "Tomasz") else "en"
        helpline.volunteer(name, languages=languages)
    helpline.coordinator(OTHER_COORDINATOR, group=TODMORDEN)
    for days, starts, ends, names in _SHIFTS:
        _pattern(helpline, days, time.fromisoformat(starts), time.fromisoformat(ends), names)
    _days_before(helpline)
    dorothy = _a_long_story(helpline)
    _days_to_come(helpline)
    _this_morning(helpline, valley)
    _what_it_was_about(helpline, dorothy)
    helpline.wait_until(TUESDAY_MORNING)
    with helpline.database.unit_of_work() as session:
        for part in (*heartbeats.WORKERS, heartbeats.CLOCK):
            heartbeats.beat(session, part, TUESDAY_MORNING)


def _pattern(
    helpline: Helpline, days: str, starts: time, ends: time, names: tuple[str, ...]
) -> None:
    with helpline.database.unit_of_work() as session:
        pattern = Pattern(
            group_id=helpline.group_named(HEBDEN),
            days=days,
            starts_at=starts,
            ends_at=ends,
            starts_on=date(2026, 1, 1),
        )
        session.add(pattern)
        session.flush()
        for name in names:
            volunteer_id = helpline.people[name].id
            session.add(PatternVolunteer(pattern_id=pattern.id, volunteer_id=volunteer_id))


def _days_before(helpline: Helpline) -> None:
    """Calls and texts of the week before, most of them dealt with."""
    spoken = ((23, 9), (24, 14), (25, 9), (25, 14), (27, 14))
    for number, ((day, hour), answer) in enumerate(zip(spoken, "ADABC", strict=True)):
        helpline.wait_until(datetime(2026, 2, day, hour, 5, tzinfo=UTC))
        caller = helpline.landline() if number % 3 else helpline.mobile()
        talk_to_somebody(helpline, caller, minutes=3 + number % 4, answer=answer)
    helpline.wait_until(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    helpline.mobile().texts("Could someone walk Rex? My hip is bad again. Thank you")
    offering = helpline.mobile().calls().presses("2")
    offering.listens()
    offering.says("I have a car, and Thursdays free", seconds=9).hangs_up()


def _a_long_story(helpline: Helpline) -> Neighbour:
    """A message, rung back by the volunteer whose request it is from then on, and texts."""
    ada, bob = helpline.people[VOLUNTEER], helpline.people["Bob"]
    helpline.wait_until(datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    bob.phone.behaves("no_answer")
    dorothy = helpline.mobile()
    leaving = dorothy.calls().presses("3")
    leaving.listens()
    leaving.says("My prescription is ready at the chemist, can somebody fetch it", 21).hangs_up()
    call = ada.rings(within=1_800).picks_up().presses("1")
    dorothy.rings().picks_up()
    call.waits(240).hangs_up()
    helpline.wait(minutes=3)
    ada.texts(f"{helpline.requests_of(dorothy)[-1].code} B")
    helpline.wait(minutes=20)
    dorothy.texts("The chemist closes at 5 today. Thank you so much, dear")
    bob.phone.behaves("waits")
    return dorothy


def _days_to_come(helpline: Helpline) -> None:
    """Somebody goes away, and somebody else has an hour or two; their coordinator saves both."""
    dilys, jamal = helpline.people["Dilys"].id, helpline.people["Jamal"].id
    edits = (
        TakeLeave(dilys, date(2026, 3, 5), date(2026, 3, 12)),
        AddShift(date(2026, 3, 8), time(8), time(10), (jamal,)),
    )
    carol, at = helpline.people[COORDINATOR].id, helpline.clock.now()
    with helpline.database.unit_of_work() as session:
        hebden = session.get_one(Group, helpline.group_named(HEBDEN))
        for edit in edits:
            rota_edits.save(session, hebden, [edit], by=carol, at=at)


def _this_morning(helpline: Helpline, valley: str) -> None:
    """A message, a promise, a worry, a STOP; and a call that goes on."""
    helpline.wait_until(datetime(2026, 3, 3, 8, 40, tzinfo=UTC))
    edna = helpline.landline()
    leaving = edna.calls().presses("3")
    leaving.listens()
    leaving.says("I need my prescription from the chemist, please", seconds=14).hangs_up()
    talk_to_somebody(helpline, helpline.mobile(), minutes=7, answer="D")
    helpline.people["Wendy"].texts("STOP")
    texter = helpline.mobile()
    texter.texts("Hello, could I get a food parcel this week? There are 4 of us <3", line=valley)
    helpline.wait_until(datetime(2026, 3, 3, 9, 20, tzinfo=UTC))
    for name in ("Ada", "Bob"):
        helpline.people[name].phone.behaves("no_answer")
    impatient = helpline.mobile().calls().presses("1").waits(90)
    impatient.presses("1")
    for name in ("Ada", "Bob"):
        helpline.people[name].phone.behaves("waits")
    helpline.wait_until(datetime(2026, 3, 3, 9, 58, tzinfo=UTC))
    caller = helpline.landline().calls().presses("1")
    somebody_rung(helpline).picks_up().presses("1").talks_to(caller)


def _what_it_was_about(helpline: Helpline, dorothy: Neighbour) -> None:
    """What coordinators have written down of the requests, all but the newest."""
    about = ("shopping", "prescription", "shopping", "friendly_call", "lift", "dog_walking")
    hers = helpline.request_of(dorothy).id
    with helpline.database.unit_of_work() as session:
        for number, request in enumerate(session.scalars(select(Request).order_by(Request.id))):
            if number < 7:
                request.category = about[number % len(about)]
        told = session.get_one(Request, hers)
        told.category, told.urgency = "prescription", "today"
        caller = session.get_one(Caller, told.caller_id)
        caller.called, caller.hard_of_hearing = "Dorothy", True


def talk_to_somebody(helpline: Helpline, caller: Neighbour, minutes: int, answer: str) -> None:
    """A neighbour rings, whoever is on answers, and texts how it went."""
    call = caller.calls().presses("1")
    ring = somebody_rung(helpline).picks_up().presses("1")
    call.waits(60 * minutes).hangs_up()
    helpline.wait(minutes=2)
    phone = ring.call.phone
    volunteer = next(each for each in helpline.people.values() if each.phone is phone)
    volunteer.texts(f"{helpline.requests_of(caller)[-1].code} {answer}")


def somebody_rung(helpline: Helpline) -> OnThePhone:
    """Let time pass until some volunteer's telephone rings."""
    phones = [each.phone for each in helpline.people.values()]
    helpline.clock.run_until(lambda: any(phone.ringing for phone in phones), 90)
    call = next(phone.ringing for phone in phones if phone.ringing)
    return OnThePhone(helpline, call)
