"""Takes one turn of a caller's: what is known is loaded, the engine decides, services act.

A turn may be asked for twice (Twilio tries again where an answer was lost): whatever it wants done
is done once, and it is answered with the same words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from helpline import calls, doors, follow_ups, legs, places
from helpline.areas import Area
from helpline.config.decided import LANGUAGE_KEYS, RingOrder
from helpline.database import Database
from helpline.hours import is_open
from helpline.models import CallStatus, LegOutcome
from helpline.rules import Rules
from helpline.telephones import incoming, ringing_back, ringing_together
from helpline.telephones.call_state import CallState
from helpline.telephones.first_ring import REMEMBERED, ring_first
from helpline.telephones.next_ring import ring_next
from helpline.watching import heartbeats
from ivr import engine, speaking
from ivr.actions import Scene, carry_out, opened
from ivr.call_flow import call_flow
from ivr.engine import NOBODY, NOT_TAKEN, Heard, Prompt, Sound, Turn
from ivr.facts import Facts
from ivr.saying import Reply, say
from ivr.steps import Ask, Flow, Ring
from ivr.twilio import twiml
from ivr.twilio.requests import CallEvent
from ivr.twilio.twiml import Links

# The network asks at once what a caller hears who comes into the queue.
SECONDS_OF_COMING_IN = 4
# So often it is looked whether anybody's telephone still rings.
SECONDS_BETWEEN_LOOKS = 3
# How often the caller is told that we are still trying.
SECONDS_BETWEEN_WORDS = 20


def flow_of(rules: Rules) -> Flow:
    """The call, as the menu and the languages of config.yaml shape it."""
    menu, languages = rules.config.menu, rules.config.languages
    keys = LANGUAGE_KEYS[: len(languages) - 1]
    return call_flow(menu.talk, menu.offer, menu.message, keys)


@dataclass(frozen=True)
class CallerTurns:
    """The caller's side of a call; one for the whole process."""

    database: Database
    rules: Rules
    links: Links
    flow: Flow

    def first(self, event: CallEvent, at: datetime) -> str:
        """Somebody rings: the call is logged and committed before anything else can fail."""
        with self.database.unit_of_work() as session:
            state = incoming.log_call(
                session,
                event.call_sid,
                event.from_number,
                event.to_number,
                at,
                limits=self.rules.config.limits,
                number_doubted=event.number_doubted,
                alone=True,
            )
        if state is not None and (state.group_id is not None or state.line_id is None):
            turn = engine.begin(self.flow, self._facts(state, (), at))
        else:
            with self.database.unit_of_work() as session:
                if state is None:
                    state = incoming.told_again(session, event.call_sid, event.from_number, at)
                if state is None:
                    raise calls.CallNotLogged
                turn = engine.begin(self.flow, self._facts(state, _areas(session, state), at))
        doors.about(call=state.id)
        return self._say(Reply(turn, state, at))

    def next(
        self,
        step: str,
        event: CallEvent,
        at: datetime,
        tries: int,
        leg_id: int,
        spoken_in: str | None = None,
    ) -> str:
        """The caller answered at `step`, or the telephone of leg `leg_id` (0: none) was tried."""
        with self.database.unit_of_work() as session:
            before = self._before(session, event, at, leg_id)
            if before is not None and before.line_id is not None:
                doors.about(call=before.id, request=before.request_id)
                scene = Scene(session, self.rules, at, event, spoken_in=spoken_in)
                reply = self._decide(scene, before, step, tries, leg_id)
                calls.remember(session, before, reply.state, but=reply.remembered)
        if before is None or before.line_id is None:
            # The first webhook never came, or was lost with the disk it was written to; or they
            # rang a number that is no line of ours, and there is nothing to go on to.
            return self.first(event, at)
        return self._say(reply)

    def _before(
        self, session: Session, event: CallEvent, at: datetime, leg_id: int
    ) -> CallState | None:
        """What is known of the call, and what became of the leg that was tried."""
        if not leg_id or event.heard.sound is Sound.ANSWERED:
            return calls.by_sid(session, event.call_sid)
        outcome = event.leg_outcome or LegOutcome.NOT_TAKEN
        return legs.tried(session, event.call_sid, leg_id, outcome, at)

    def waits(self, event: CallEvent, at: datetime, first_words: Sequence[str]) -> str:
        """A caller waits while everybody's telephone rings: on with it, or out of the queue.

        `first_words` are the prompts they hear when they come in.
        """
        with self.database.unit_of_work() as session:
            state = calls.by_sid(session, event.call_sid)
            if state is None or not ringing_together.worth_waiting(
                session, state, self.rules.config.ringing, at
            ):
                return twiml.stop_waiting()
        waited = (at - (state.ringing_since or at)).total_seconds()
        words: Sequence[str] = ()
        if waited < SECONDS_OF_COMING_IN:
            words = first_words
        elif waited % SECONDS_BETWEEN_WORDS < SECONDS_BETWEEN_LOOKS:
            words = [step.between for _, step in self.flow if isinstance(step, Ring)]
        turn = Turn(tuple(Prompt(name) for name in words))
        said = speaking.spoken(turn, state, self.rules, at, state.language)
        return twiml.keep_waiting(said, SECONDS_BETWEEN_LOOKS, self.links)

    def _decide(self, scene: Scene, before: CallState, step: str, tries: int, leg_id: int) -> Reply:
        session, event, at = scene.session, scene.event, scene.at
        pressed = before.pressed_key or event.heard.is_somebody
        state = before if pressed == before.pressed_key else before._replace(pressed_key=True)
        heard = event.heard
        if leg_id:
            heard = self._leg_tried(session, state, leg_id, event, at)
        elif event.left_queue:
            heard = self._left_queue(session, state, event, at)
        is_asked_where = isinstance(self.flow[step], Ask)
        facts = self._facts(state, _areas(session, state, again=is_asked_where), at)
        turn = engine.answer(self.flow, step, heard, facts, tries)
        state = carry_out(scene, turn, state)
        if isinstance(turn.waits, Ring):
            goes_on = bool(leg_id) or event.left_queue
            return self._ring(scene, turn, state, facts, goes_on=goes_on)
        return Reply(turn, legs.settled(session, state, at), at)

    def _leg_tried(
        self, session: Session, state: CallState, leg_id: int, event: CallEvent, at: datetime
    ) -> Heard:
        """A volunteer's telephone was tried: they have talked, or the caller is free again."""
        if event.heard.sound is not Sound.ANSWERED:
            if state.taken_by_leg_id == leg_id:
                calls.release(session, state.id, leg_id)
            return event.heard
        leg = legs.by_id(session, leg_id)
        if leg is None or leg.call_id != state.id:
            return event.heard
        if not follow_ups.was_too_short(leg, leg.ended_at or at):
            follow_ups.talked(session, self.rules, state, leg, at)
            return event.heard
        if not event.is_over:
            # Who pressed 1 has put the receiver down at once: the caller is still there.
            legs.end(session, leg_id, LegOutcome.NOT_TAKEN, at)
            calls.release(session, state.id, leg_id)
        return NOT_TAKEN

    def _left_queue(
        self, session: Session, state: CallState, event: CallEvent, at: datetime
    ) -> Heard:
        """The caller who waited for everybody's telephone has talked, or waits no longer.

        The network says that they were put through, too, where the other line was gone just then.
        """
        if event.heard.sound is Sound.ANSWERED and state.taken_by_leg_id is not None:
            leg = legs.by_id(session, state.taken_by_leg_id)
            if leg is not None and not follow_ups.was_too_short(leg, at):
                follow_ups.talked(session, self.rules, state, leg, at)
                return event.heard
        if not _rings_in_turn(session, state):
            ringing_together.give_up(session, state, at)
        return NOT_TAKEN

    def _ring(
        self, scene: Scene, turn: Turn, state: CallState, facts: Facts, *, goes_on: bool
    ) -> Reply:
        """Ring whoever is next, all at once or one by one; where there is nobody, go on.

        It `goes_on` where somebody was rung, and did not take the call.
        """
        session, at = scene.session, scene.at
        if scene.event.is_over or state.ended_at is not None:
            # Nobody is rung on for somebody who has gone.
            state = opened(scene, legs.settled(session, state, at))
            follow_ups.call_ended(session, self.rules, state, CallStatus.COMPLETED, at)
            return Reply(Turn(()), state, at)
        first = state.ringing_since is None
        # While no area is chosen anybody may come.
        areas, rules = facts.areas, self.rules.config.ringing
        if not goes_on and self._all_at_once(state, at):
            if self._everybody_rings(session, state, areas, at):
                state = opened(scene, state)._replace(ringing_since=state.ringing_since or at)
                return Reply(turn, state, at, together=True)
        elif first:
            state, leg = ring_first(session, state, areas, rules, at, self.rules.chance)
            if leg is not None:
                return Reply(turn, state, at, leg, remembered=REMEMBERED)
        state = opened(scene, state)
        state, leg = ring_next(session, state, areas, rules, at)
        if leg is not None or (first and ringing_back.given_to(session, state, at)):
            # A worker rings that one: whoever presses 1 there finds the caller in the queue.
            together = leg is None or leg.placed_at is not None
            state = state._replace(ringing_since=at) if first else state
            return Reply(turn, state, at, leg, together=together)
        instead = engine.answer(self.flow, turn.step or "", NOBODY, facts)
        state = carry_out(scene, instead, opened(scene, legs.settled(session, state, at)))
        # "I'm finding someone" is not said when there is nobody to look for.
        said = turn.says[:-1] if first else ()
        return Reply(replace(instead, says=(*said, *instead.says)), state, at)

    def _everybody_rings(
        self, session: Session, state: CallState, areas: Sequence[Area], at: datetime
    ) -> bool:
        """Ring all who are free, unless they ring already: the same webhook may come twice."""
        if state.ringing_since is not None:
            return state.ringing_leg_id is not None
        rules = self.rules.config.ringing
        return bool(ringing_together.ring_everyone(session, state, areas, rules, at))

    def _all_at_once(self, state: CallState, at: datetime) -> bool:
        """Whether all are rung together: it takes a worker to ring them."""
        order = state.ring_order or self.rules.config.ringing.order
        alive = heartbeats.is_recent(state.worker_seen_at, at)
        return order is RingOrder.ALL_AT_ONCE and alive

    def _facts(self, state: CallState, areas: tuple[Area, ...], at: datetime) -> Facts:
        return Facts(
            is_blocked=state.is_blocked,
            rings_too_often=state.over_limit,
            seems_robot=state.seems_robot,
            is_known_line=state.line_id is not None,
            knows_area=state.group_id is not None or len(areas) < 2,
            # Nobody is promised a call to a number that we never ring.
            has_number=self.rules.config.reach.allows(state.caller_number),
            is_open=is_open(self.rules.hours(state.timezone, state.holidays), at),
            areas=areas,
        )

    def _say(self, reply: Reply) -> str:
        return say(reply, self.rules, self.links)


def _areas(session: Session, state: CallState, *, again: bool = False) -> tuple[Area, ...]:
    """What can be chosen from, while no area is; `again`, too, where it may be told twice."""
    if (state.group_id is not None and not again) or state.line_id is None:
        return ()
    return places.areas(session, state.line_id)


def _rings_in_turn(session: Session, state: CallState) -> bool:
    """Whether a telephone rings that was not rung with all the others."""
    if state.ringing_leg_id is None or state.ringing_since is None:
        return False
    leg = legs.by_id(session, state.ringing_leg_id)
    return leg is not None and leg.rung_at > state.ringing_since
