"""Takes one turn of a volunteer's: who rings, press 1, and the two are put through."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from helpline import calls, doors, follow_ups, legs
from helpline.database import Database
from helpline.legs import LegState
from helpline.models import LegOutcome
from helpline.rules import Rules
from helpline.telephones import ringing_together
from helpline.telephones.call_state import CallState
from helpline.volunteers import first_language
from ivr import engine
from ivr.actions import Scene, carry_out
from ivr.engine import Prompt, Sound, Turn
from ivr.facts import Facts
from ivr.saying import queue_of
from ivr.speaking import spoken
from ivr.steps import Connect, Menu
from ivr.twilio import twiml
from ivr.twilio.requests import CallEvent
from ivr.twilio.twiml import SECONDS_TO_ACCEPT, Links
from ivr.volunteer_flow import VOLUNTEER_FLOW

# How long a caller's telephone may ring when we ring back: old people are slow to reach it.
CALLER_RINGS_SECONDS = 40
# The caller we ring back has picked up: they hear who rings before they are put through.
CALLER_PICKED_UP = "caller_picked_up"
# Where a volunteer hears that a neighbour waits to be rung back, of whoever was promised it.
_BEFORE_RINGING_BACK = "screening_callback"
# How a leg may have ended though its caller is still there, to be told of or talked to.
_STILL_WANTED = (None, LegOutcome.TALKED, LegOutcome.TAKEN_BY_OTHER)
_GONE = Turn((Prompt("caller_gone"),))


@dataclass(frozen=True)
class VolunteerTurns:
    """The volunteer's side of a call; one for the whole process."""

    database: Database
    rules: Rules
    links: Links

    # What the network may ask for: the beginning, and every step that waits.
    steps: ClassVar = VOLUNTEER_FLOW.waiting | {VOLUNTEER_FLOW.first, CALLER_PICKED_UP}

    def next(self, leg_id: int, step: str, event: CallEvent, at: datetime, tries: int) -> str:
        """A volunteer's telephone was picked up, or they answered at `step`."""
        if step == CALLER_PICKED_UP:
            return self._caller_picked_up(leg_id, event)
        try:
            return self._next(leg_id, step, event, at, tries)
        except calls.TakenByAnother:
            # Somebody pressed 1 at the same moment, and now it is known who was first.
            return self._next(leg_id, step, event, at, tries)

    def _next(self, leg_id: int, step: str, event: CallEvent, at: datetime, tries: int) -> str:
        with self.database.unit_of_work() as session:
            leg = legs.by_id(session, leg_id)
            if leg is None:
                # Forgotten: it was placed too late, and the caller is being looked after.
                return self._say(_GONE, CallState(0, at), None, event, at, 1)
            before = calls.by_id(session, leg.call_id)
            doors.about(leg=leg.id, call=before.id, request=before.request_id)
            if step == "connect":
                self._connection_over(session, before, leg, event, at)
            turn = self._decide(session, step, event, before, leg, tries, at)
            state = carry_out(Scene(session, self.rules, at, event, leg), turn, before)
            if state.taken_by_leg_id == leg.id and before.taken_by_leg_id is None:
                legs.stop_ringing(session, state.id, LegOutcome.TAKEN_BY_OTHER, at, but=leg.id)
            is_told = isinstance(turn.waits, Menu)
            count = calls.times_this_week(session, state.caller_id, at) if is_told else 1
        return self._say(turn, state, leg, event, at, count)

    def _caller_picked_up(self, leg_id: int, event: CallEvent) -> str:
        with self.database.unit_of_work() as session:
            leg = legs.by_id(session, leg_id)
            if leg is None:
                return twiml.say_and_hang_up([], self.links)
            state = calls.by_id(session, leg.call_id)
            calls.caller_answered(session, state.id, event.call_sid)
        words = self.rules.words
        prompt = "callback_welcome" if state.asked_by_id is None else "through_welcome"
        said = words.spoken(prompt, state.language, line=state.line_name)
        return twiml.whisper([said], self.links)

    def _decide(
        self,
        session: Session,
        step: str,
        event: CallEvent,
        state: CallState,
        leg: LegState,
        tries: int,
        at: datetime,
    ) -> Turn:
        # A telephone that could not be stopped rings on: its caller waits elsewhere by now.
        is_too_late = leg.outcome is LegOutcome.TAKEN_BY_OTHER
        # Whom we ring back has rung us meanwhile: their telephone would be engaged. Not where who
        # pressed 1 is told of twice, and it is they who have them on the line; nor where it is for
        # that call that their telephone rings by now.
        is_engaged = (
            step == _BEFORE_RINGING_BACK
            and state.is_callback
            and state.taken_by_leg_id != leg.id
            and calls.is_on_the_line(session, state.caller_id, at)
        )
        is_over = state.ended_at is not None or is_engaged
        facts = Facts(
            caller_waits=not is_over and leg.outcome in _STILL_WANTED,
            is_free_to_take=state.taken_by_leg_id in (None, leg.id) and not is_too_late,
            is_callback=state.is_callback,
            asked_for_it=state.asked_by_id is not None,
        )
        if step == VOLUNTEER_FLOW.first:
            return engine.begin(VOLUNTEER_FLOW, facts)
        return engine.answer(VOLUNTEER_FLOW, step, event.heard, facts, tries)

    def _connection_over(
        self, session: Session, state: CallState, leg: LegState, event: CallEvent, at: datetime
    ) -> None:
        """Two people have talked, or the one at the other end could not be had."""
        if not state.is_callback:
            # A talk is told of by the caller's own leaving of the queue.
            if event.heard.sound is not Sound.ANSWERED:
                ringing_together.let_go(session, state, leg, at)
        elif event.heard.sound is Sound.ANSWERED:
            follow_ups.talked(session, self.rules, state, leg, at, event.talked_seconds)
        elif event.is_over:
            follow_ups.left_before_a_word(session, state, leg, at)
        else:
            follow_ups.not_reached(session, self.rules, state, leg, at)

    def _say(
        self,
        turn: Turn,
        state: CallState,
        leg: LegState | None,
        event: CallEvent,
        at: datetime,
        calls_this_week: int,
    ) -> str:
        language = first_language(leg.languages) if leg else None
        said = spoken(turn, state, self.rules, at, language, calls_this_week)
        if leg is None:
            return twiml.say_and_hang_up(said, self.links)
        here = self.links.to(f"/legs/{leg.id}/{turn.step}", tries=turn.tries)
        match turn.waits:
            case Menu():
                return twiml.ask_for_key(said, here, SECONDS_TO_ACCEPT, self.links)
            case Connect() if state.is_callback and state.caller_number:
                return twiml.ring_one(
                    said,
                    number=state.caller_number,
                    reach=self.rules.config.reach,
                    line_number=state.line_number,
                    seconds=CALLER_RINGS_SECONDS,
                    action=here,
                    whisper=self.links.to(f"/legs/{leg.id}/caller_picked_up"),
                    progress=self.links.to(f"/legs/{leg.id}/caller_status"),
                    links=self.links,
                )
            case Connect() if event.is_whisper:
                return twiml.put_through()
            case Connect():
                return twiml.fetch_from_queue(said, queue_of(state.id), here, self.links)
        return twiml.say_and_hang_up(said, self.links)
