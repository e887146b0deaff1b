"""What happens in a helpline's day, each told by itself: people act, nobody asserts anything."""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import select, update

from helpline import due, legs, volunteers
from helpline.models import Call, Callback, CallbackStatus, Leg, Request, Trace
from helpline.privacy import traces
from helpline.signing_in import codes
from helpline.telephones import ringing_through, telling
from tests.chaos.people import Manner
from tests.chaos.scenario import EDNA, SAM, Scenario, crowd, scenario
from tests.chaos.seldom import SELDOM
from tests.conversations.test_all_at_once import rings_all_at_once
from tests.harness import TODMORDEN, Helpline


def _put_through(helpline: Helpline) -> None:
    helpline.on_shift("Ada", "Bob")
    helpline.coordinator("Carol")
    crowd(helpline, Ada="machine", Bob="accept").ring(SAM, Manner(talks=10), "mobile")


def _presses_3(helpline: Helpline) -> None:
    helpline.coordinator("Carol")
    crowd(helpline).ring(EDNA, Manner(keys="3", words="The step is loose", hurries=True))


def _offers(helpline: Helpline) -> None:
    helpline.coordinator("Carol")
    crowd(helpline).ring(SAM, Manner(keys="2", words="I have a car", hurries=True), "mobile")


def _nobody_is_on(helpline: Helpline) -> None:
    helpline.coordinator("Carol")
    crowd(helpline).ring(EDNA, Manner(keys="1", words="Please ring me back", hurries=True))


def _rung_back(helpline: Helpline) -> None:
    """The first is rung in vain, the second rings the neighbour back."""
    helpline.on_shift("Ada", "Bob")
    helpline.coordinator("Carol")
    people = crowd(helpline, Ada="ignore decline", Bob="ignore accept")
    people.ring(EDNA, Manner(keys="11", talks=10))
    for seconds in (120, 200):
        helpline.clock.call_later(seconds, lambda: _is_due(helpline))


def _is_due(helpline: Helpline) -> None:
    """Ten minutes of nothing but waiting are left out."""
    now = helpline.clock.now()
    owed = update(Callback).where(Callback.status == CallbackStatus.OWED)
    with helpline.database.unit_of_work() as session:
        session.execute(owed.values(next_try_at=now))


def _rings_off(helpline: Helpline) -> None:
    helpline.on_shift("Ada")
    helpline.coordinator("Carol")
    people = crowd(helpline, Ada="ignore decline")
    people.ring(EDNA, Manner(keys="1", hurries=True, patience=6))


def _all_at_once(helpline: Helpline) -> None:
    rings_all_at_once(helpline, "Ada", "Bob", "Cy")
    helpline.coordinator("Carol")
    people = crowd(helpline, Ada="ignore", Bob="accept", Cy="machine")
    people.ring(EDNA, Manner(keys="1", hurries=True, talks=10))


def _texts(helpline: Helpline) -> None:
    helpline.on_shift("Ada")
    helpline.coordinator("Carol")
    people = crowd(helpline)
    people.text(SAM, "Could someone walk my dog?")
    helpline.clock.call_later(20, lambda: people.text(SAM, "CALL"))
    helpline.clock.call_later(40, lambda: people.text("+447700900551", "STOP"))


def _tells_how_it_went(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    helpline.coordinator("Carol")
    people = crowd(helpline)
    people.ring(EDNA, Manner(talks=5))
    helpline.clock.call_later(90, lambda: people.text(ada.phone.number, "D"))


def _end_is_not_told(helpline: Helpline) -> None:
    """The network never says that the call is over; ten minutes of nothing are left out."""
    helpline.network.assumptions.action_after_hang_up = False
    helpline.network.faults.callbacks("lost", None, about="call-status")
    helpline.on_shift("Ada")
    helpline.coordinator("Carol")
    crowd(helpline).ring(EDNA, Manner(talks=5))
    helpline.clock.call_later(50, lambda: _began_long_ago(helpline))


def _began_long_ago(helpline: Helpline) -> None:
    """Every call that goes on."""
    long_ago = helpline.clock.now() - due.ASKED_AFTER
    with helpline.database.unit_of_work() as session:
        session.execute(update(Call).where(Call.ended_at.is_(None)).values(started_at=long_ago))


def _withheld(helpline: Helpline) -> None:
    helpline.coordinator("Carol")
    manner = Manner(keys="3", words="The step is loose", hurries=True, withheld=True)
    crowd(helpline).ring(EDNA, manner)


def _offers_withheld(helpline: Helpline) -> None:
    helpline.coordinator("Carol")
    manner = Manner(keys="2", words="Ring Sam, who has a car", hurries=True, withheld=True)
    crowd(helpline).ring(SAM, manner)


def _chooses_an_area(helpline: Helpline) -> None:
    line = helpline.valley()
    fallback = helpline.network.numbers[helpline.line].voice_fallback
    helpline.network.numbers[line].voice_fallback = fallback
    helpline.on_shift("Ada")
    helpline.coordinator("Carol")
    helpline.coordinator("Tina", TODMORDEN)
    people = crowd(helpline, Ada="accept")
    people.ring(EDNA, Manner(keys="11", hurries=True, talks=10), line=line)


def _rings_through(helpline: Helpline) -> None:
    """Carol has a neighbour rung from the page; they do not answer."""
    carol = helpline.coordinator("Carol")
    people = crowd(helpline, Carol="accept")
    people.text(SAM, "Could someone walk my dog?")
    helpline.network.phone(SAM).behaves("no_answer")
    helpline.clock.call_later(20, lambda: _is_rung_by(helpline, carol.id))


def _is_rung_by(helpline: Helpline, volunteer_id: int) -> None:
    now = helpline.clock.now()
    with helpline.database.unit_of_work() as session:
        for request_id in session.scalars(select(Request.id)).all():
            rules = helpline.house.rules
            ringing_through.ring(session, rules, request_id, volunteer_id, now, 0)


def _two_are_told(helpline: Helpline) -> None:
    """Dot, who has no mobile, asks for a code to sign in, and Carol to hear a prompt.

    Whose telephone has not rung half a minute later asks again.
    """
    dot, carol = helpline.volunteer("Dot", landline=True), helpline.coordinator("Carol")
    for who in (dot, carol):
        who.phone.behaves("picks_up", 2.0)

    def ask() -> None:
        at = helpline.clock.now()
        with helpline.database.unit_of_work() as session:
            if not dot.phone.history:
                codes.ask(session, helpline.house.rules, "Dot", at)
            if not carol.phone.history:
                telling.hear_prompt(session, carol.id, "welcome", "en", at)

    ask()
    helpline.clock.call_later(35, ask)


def _were_not_told(helpline: Helpline) -> list[str]:
    return [
        f"{who.phone} heard nothing"
        for who in helpline.people.values()
        if not any(each.text for call in who.phone.history for each in call.heard)
    ]


def _is_forgotten(helpline: Helpline) -> None:
    """The network is to forget a call that is over."""
    helpline.coordinator("Carol")
    crowd(helpline).ring(SAM, Manner(keys="1", hurries=True, leaves_after=30), "mobile")
    helpline.clock.call_later(60, lambda: _forgets(helpline))


def _forgets(helpline: Helpline) -> None:
    [call] = helpline.rows(Call)
    with helpline.database.unit_of_work() as session:
        traces.leave(session, [call.call_sid], helpline.clock.now())


def _is_not_forgotten(helpline: Helpline) -> list[str]:
    return [f"trace {trace.id} is still there" for trace in helpline.rows(Trace)]


def _is_late(helpline: Helpline) -> None:
    """A call was promised by now, and nobody is on; a telephone rang, and its end was not told."""
    helpline.network.faults.callbacks("lost", 1, about="call-status")
    ada = helpline.volunteer("Ada")
    helpline.coordinator("Carol")
    crowd(helpline).ring(SAM, Manner(keys="1", hurries=True, leaves_after=30), "mobile")
    helpline.clock.call_later(60, lambda: _is_long_ago(helpline, ada.id))


def _is_long_ago(helpline: Helpline, volunteer_id: int) -> None:
    now = helpline.clock.now()
    owed = update(Callback).where(Callback.status == CallbackStatus.OWED)
    with helpline.database.unit_of_work() as session:
        session.execute(owed.values(due_at=now))
        [call_id] = session.scalars(select(Call.id)).all()
        long_ago = now - volunteers.LONGEST_RINGING
        legs.write_down(session, call_id, volunteer_id, "", 20, long_ago, placed_at=long_ago)


def _late_is_not_told(helpline: Helpline) -> list[str]:
    """Carol is texted of it once, and nobody's telephone rings for ever."""
    told = [text.body for text in helpline.people["Carol"].texts_from_us]
    late = [body for body in told if helpline.script.text(body)[0] == "alert_callback_late"]
    rings = [leg.id for leg in helpline.rows(Leg) if leg.ended_at is None]
    # Who was put through elsewhere, since nobody of ours answered, is owed nothing by now.
    now = helpline.clock.now()
    due = [callback for callback in helpline.rows(Callback) if callback.due_at <= now]
    return [f"told {len(late)} times, {rings} ring"] if len(late) != len(due) or rings else []


SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        "put through": scenario(_put_through, 140, "calls/ring"),
        "a message": scenario(
            _presses_3,
            60,
            *("calls/incoming", "calls/main_menu", "calls/leave_message", "calls/status"),
            *("fetch_voicemail", "send_text", "texts/status", "catch_up"),
            *("clock nudge", "clock beat", "clock count what today costs"),
        ),
        "an offer": scenario(_offers, 60, "calls/say_offer"),
        "nobody is on": scenario(_nobody_is_on, 100, "calls/offer_rung_back"),
        "rung back": scenario(
            _rung_back,
            320,
            "make_callback",
            "legs/N/status",
            "legs/N/screening_callback",
            "legs/N/caller_picked_up",
            "legs/N/connect",
        ),
        "rings off": scenario(_rings_off, 160),
        "all at once": scenario(
            _all_at_once, 100, "place_leg", "hang_up_leg", "legs/N/picked_up", "legs/N/screening"
        ),
        "its end is not told": scenario(_end_is_not_told, 115, "check_call"),
        "withheld": scenario(_withheld, 60, "calls/leave_message_withheld"),
        "an offer, withheld": scenario(_offers_withheld, 60, "calls/say_offer_withheld"),
        "chooses an area": scenario(_chooses_an_area, 100, "calls/choose_area"),
        "rings through": scenario(
            _rings_through, 230, "legs/N/screening_through", "legs/N/caller_status"
        ),
        "two are told": scenario(
            _two_are_told,
            80,
            *("say_prompt", "speak_code", "clock seal the audit log"),
            amiss=_were_not_told,
        ),
        "is forgotten": scenario(_is_forgotten, 90, "delete_trace", amiss=_is_not_forgotten),
        "is late": scenario(
            _is_late,
            90,
            *("clock tell of late callbacks", "clock end lost legs"),
            amiss=_late_is_not_told,
        ),
        "texts": scenario(_texts, 120),
        "tells how it went": scenario(_tells_how_it_went, 130, "take_text", "texts/incoming"),
        **SELDOM,
    }
)
