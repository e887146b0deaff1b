"""What the network tells us afterwards: calls that ended, legs, recordings, texts on their way."""

from dataclasses import dataclass
from datetime import datetime

from helpline import alerts, calls, doors, follow_ups, legs, texts, voicemails
from helpline.database import Database
from helpline.models import CallStatus
from helpline.rules import Rules
from helpline.sound import SHORTEST_MESSAGE_SECONDS
from helpline.telephones import answering_machines, ringing_together
from ivr import engine
from ivr.actions import Scene, carry_out
from ivr.engine import Heard, Sound
from ivr.facts import Facts
from ivr.steps import Flow, Record
from ivr.twilio.requests import CallEvent, CallProgress, RecordingDone, TextProgress

_NOT_ANSWERED = (CallStatus.BUSY, CallStatus.NO_ANSWER, CallStatus.FAILED)


@dataclass(frozen=True)
class Progress:
    """Late, twice or out of order: everything here only ever moves forward."""

    database: Database
    rules: Rules
    flow: Flow

    def of_call(self, progress: CallProgress, at: datetime) -> None:
        """A caller's call has come further."""
        if progress.status is None:
            return
        with self.database.unit_of_work() as session:
            state = calls.by_sid(session, progress.call_sid)
            if state is not None:
                doors.about(call=state.id, request=state.request_id)
                follow_ups.call_ended(session, self.rules, state, progress.status, at)

    def of_leg(self, leg_id: int, progress: CallProgress, at: datetime) -> None:
        """A volunteer's telephone has stopped ringing, or was put down."""
        doors.about(leg=leg_id)
        if progress.leg_outcome is None:
            return
        with self.database.unit_of_work() as session:
            leg = legs.by_id(session, leg_id)
            if leg is None or leg.ended_at is not None:
                return
            if leg.taken_at is None:
                legs.end(session, leg_id, progress.leg_outcome, at)
                follow_ups.leg_failed(session, leg, at)
                return
            state = calls.by_id(session, leg.call_id)
            if state.is_callback:
                follow_ups.volunteer_left(session, self.rules, state, leg, at)
            elif follow_ups.was_too_short(leg, at):
                # They pressed 1 and their line was gone: whoever waits is not kept for them.
                ringing_together.let_go(session, state, leg, at)
            # Else the end of the conversation is the caller's call to tell.

    def of_rung_back(self, leg_id: int, progress: CallProgress, at: datetime) -> None:
        """The telephone of a neighbour whom we ring back was not answered, or was put down."""
        doors.about(leg=leg_id)
        was_answered = progress.status is CallStatus.COMPLETED
        if not was_answered and progress.status not in _NOT_ANSWERED:
            return
        with self.database.unit_of_work() as session:
            leg = legs.by_id(session, leg_id)
            if leg is None:
                return
            if was_answered:
                answering_machines.put_down(session, leg, progress.seconds)
            else:
                state = calls.by_id(session, leg.call_id)
                follow_ups.not_reached(session, self.rules, state, leg, at)

    def of_recording(self, step: str, done: RecordingDone, at: datetime) -> None:
        """A recording is ready: what its step wants done is done, unless it was already."""
        if done.seconds < SHORTEST_MESSAGE_SECONDS:
            return
        waiting = dict(self.flow).get(step)
        with self.database.unit_of_work() as session:
            state = calls.by_sid(session, done.call_sid)
            if state is None or not isinstance(waiting, Record):
                return
            doors.about(call=state.id, request=state.request_id)
            if voicemails.is_kept(session, done.recording_sid):
                # Who pressed 0 after it may have talked to somebody, and is owed nothing any more.
                return
            heard = Heard(Sound.RECORDING)
            event = CallEvent(
                done.call_sid,
                state.caller_number,
                state.line_number,
                heard,
                recording_sid=done.recording_sid,
                recording_seconds=done.seconds,
            )
            turn = engine.answer(self.flow, step, heard, Facts())
            after = carry_out(Scene(session, self.rules, at, event), turn, state)
            calls.remember(session, state, after)

    def of_text(self, text_id: int, progress: TextProgress, at: datetime) -> None:
        """A text of ours has come further."""
        doors.about(text=text_id)
        if progress.status is None:
            return
        with self.database.unit_of_work() as session:
            moved = texts.move_forward(
                session,
                text_id,
                progress.status,
                at,
                message_sid=progress.message_sid,
                error_code=progress.error_code,
            )
            if moved:
                alerts.text_fared(session, self.rules, text_id, progress.status, at)
