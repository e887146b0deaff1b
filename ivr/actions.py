"""What a turn wants done, and the service that does it: one small function for each want."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy.orm import Session

from helpline import alerts, callbacks, callers, calls, follow_ups, legs, requests, voicemails
from helpline.config.decided import LANGUAGE_KEYS
from helpline.legs import LegState
from helpline.models import Kind, LegOutcome
from helpline.rules import Rules
from helpline.telephones import first_ring
from helpline.telephones.call_state import CallState
from ivr.engine import Turn, Want
from ivr.steps import Ring
from ivr.twilio.requests import CallEvent

# What the network tells of a call so long after its end, it has told before.
_TOLD_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where an action takes place: the transaction, the rules, the moment, and what came in."""

    session: Session
    rules: Rules
    at: datetime
    event: CallEvent
    leg: LegState | None = None
    # The language in which they heard what they answer; None: the call's own.
    spoken_in: str | None = None


Action = Callable[[Scene, CallState, Want], CallState]


def carry_out(scene: Scene, turn: Turn, state: CallState) -> CallState:
    """Do everything a turn wants, in order; what is then known of the call.

    A request that goes with a telephone to ring is left to be opened together with that.
    """
    for want in turn.wants:
        state = WANTS[want.name](scene, state, want)
    return state if isinstance(turn.waits, Ring) else opened(scene, state)


def language_for(state: CallState, key: str, rules: Rules) -> str | None:
    """The language that this key switches to: the others, in the order of config.yaml."""
    spoken = state.language or rules.first_language
    others = [each.key for each in rules.config.languages if each.key != spoken]
    return dict(zip(LANGUAGE_KEYS, others, strict=False)).get(key)


def _speak(key: str) -> Action:
    def switch(scene: Scene, state: CallState, _want: Want) -> CallState:
        heard = state._replace(language=scene.spoken_in or state.language)
        language = language_for(heard, key, scene.rules)
        if language is None:
            return state
        if state.caller_id is not None:
            callers.remember_language(scene.session, state.caller_id, language)
        return state._replace(language=language, chose_language=True)

    return switch


def _remember_area(scene: Scene, state: CallState, want: Want) -> CallState:
    if state.caller_id is not None and want.choice is not None:
        callers.remember_group(scene.session, state.caller_id, want.choice)
    chosen = state._replace(group_id=want.choice)
    calls.remember(scene.session, state, chosen)
    # The group's name, clock and ring order come with it.
    return calls.by_id(scene.session, state.id)._replace(pressed_key=state.pressed_key)


def _log_ask(scene: Scene, state: CallState, _want: Want) -> CallState:
    if state.request_kind is Kind.OFFER and state.request_id is not None:
        if scene.event.is_over:
            # Who puts the receiver down at the tone has offered, and asked for nobody.
            return state
        requests.turn_into_ask(scene.session, state.request_id)
        return state._replace(request_kind=Kind.ASK)
    if state.request_id is not None:
        return state
    # Unless what they ring about is written down already.
    opens = None if state.open_ask_id else Kind.ASK
    return state._replace(request_id=state.open_ask_id, opens=opens, request_kind=Kind.ASK)


def _log_offer(_scene: Scene, state: CallState, _want: Want) -> CallState:
    if state.request_id is None:
        state = state._replace(opens=Kind.OFFER, request_kind=Kind.OFFER)
    return state


def opened(scene: Scene, state: CallState) -> CallState:
    """Open the request of this call that is still to be opened, if there is one."""
    return first_ring.opened(scene.session, state, scene.at, scene.rules.chance)


def _owe_callback(scene: Scene, state: CallState, want: Want) -> CallState:
    return _owe(scene, state, want, decided=state.pressed_key)


def _confirm_callback(scene: Scene, state: CallState, want: Want) -> CallState:
    return _owe(scene, _wanted_after_all(scene, state), want, decided=True)


def _wanted_after_all(scene: Scene, state: CallState) -> CallState:
    """Somebody may have closed what they rang about, and called the callback off, meanwhile."""
    if state.request_id is None or state.callback_due_at is not None:
        return state
    if not requests.is_closed(scene.session, state.request_id):
        return state
    return state._replace(request_id=None, opens=Kind.ASK, request_kind=Kind.ASK)


def _owe(scene: Scene, state: CallState, want: Want, *, decided: bool) -> CallState:
    if state.request_id is None and state.opens is None:
        # What they rang about may be gone meanwhile; what they hear is a promise all the same.
        state = _log_ask(scene, state, want)
    state = opened(scene, state)
    told_late = state.ended_at is not None and scene.at - state.ended_at > _TOLD_WITHIN
    due = callbacks.owe_for_call(
        scene.session,
        scene.rules,
        state,
        scene.at,
        decided=decided,
        told_late=told_late,
        number=state.caller_number,
    )
    return state if due is None else state._replace(callback_due_at=due)


def _keep_message(scene: Scene, state: CallState, want: Want) -> CallState:
    state = _keep_recording(scene, _confirm_callback(scene, state, want))
    if state.caller_id is None:
        alerts.message_without_number(scene.session, scene.rules, state, scene.at)
    return state


def _keep_offer(scene: Scene, state: CallState, _want: Want) -> CallState:
    return _keep_recording(scene, state)


def _keep_recording(scene: Scene, state: CallState) -> CallState:
    state = opened(scene, state)
    if scene.event.recording_sid is not None:
        voicemails.keep(
            scene.session,
            call_id=state.id,
            request_id=state.request_id,
            recording_sid=scene.event.recording_sid,
            seconds=scene.event.recording_seconds,
            notice_said=scene.rules.words.gives_notice(state.language),
            at=scene.at,
        )
    return state


def _note_pick_up(scene: Scene, state: CallState, _want: Want) -> CallState:
    if scene.leg is not None:
        legs.picked_up(scene.session, scene.leg.id, scene.event.call_sid, scene.at)
    return state


def _take_call(scene: Scene, state: CallState, _want: Want) -> CallState:
    if scene.leg is None:
        return state
    if not calls.take(scene.session, state.id, scene.leg.id):
        raise calls.TakenByAnother
    legs.taken(scene.session, scene.leg.id, scene.at)
    if state.request_id is not None:
        # A coordinator who rings for once does not take it from whoever has it.
        give = requests.give_to if state.asked_by_id is None else requests.give_if_nobodys
        give(scene.session, state.request_id, scene.leg.volunteer_id)
    return state._replace(taken_by_leg_id=scene.leg.id)


def _end_leg(outcome: LegOutcome) -> Action:
    def end(scene: Scene, state: CallState, _want: Want) -> CallState:
        if scene.leg is not None and legs.end(scene.session, scene.leg.id, outcome, scene.at):
            follow_ups.leg_failed(scene.session, scene.leg, scene.at)
        return state

    return end


WANTS: Mapping[str, Action] = MappingProxyType(
    {
        **{f"speak_{key}": _speak(key) for key in LANGUAGE_KEYS},
        "remember_area": _remember_area,
        "log_ask": _log_ask,
        "log_offer": _log_offer,
        "owe_callback": _owe_callback,
        "confirm_callback": _confirm_callback,
        "keep_message": _keep_message,
        "keep_offer": _keep_offer,
        "note_pick_up": _note_pick_up,
        "take_call": _take_call,
        "pass_call": _end_leg(LegOutcome.PASSED),
        "note_not_taken": _end_leg(LegOutcome.NOT_TAKEN),
        "note_caller_gone": _end_leg(LegOutcome.CALLER_GONE),
        "note_taken_by_other": _end_leg(LegOutcome.TAKEN_BY_OTHER),
    }
)
