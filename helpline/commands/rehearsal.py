"""A helpline in memory, to try conversations on: real decisions, and nobody's telephone rings.

The turns, rules and tables are the real ones. Only the telephone network is left out: each turn is
handed over as it was decided, and not as the network would be told.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_bytes

from sqlalchemy import select

from helpline import texts
from helpline.database import Base, Database, open_engine
from helpline.legs import LegState
from helpline.loading import load_file
from helpline.models import CallStatus, LegOutcome, Line, Text, TextStatus, Volunteer
from helpline.phone_numbers import mask
from helpline.rules import Rules
from helpline.sealing.seals import KEY_BYTES, DataKeys
from helpline.stories import told
from helpline.stories.told import Story
from helpline.telephones.call_state import CallState
from helpline.volunteers import first_language
from ivr import speaking
from ivr.engine import ANSWERED, NOT_TAKEN, Heard, Sound, Turn
from ivr.progress import Progress
from ivr.saying import Reply
from ivr.text_turns import TextTurns
from ivr.turns import CallerTurns, flow_of
from ivr.twilio.requests import CallEvent, CallProgress, TextEvent
from ivr.twilio.twiml import Links
from ivr.volunteer_flow import VOLUNTEER_FLOW
from ivr.volunteer_turns import VolunteerTurns

_NOWHERE = Links("https://helpline.invalid")
_CALL_SID, _RECORDING_SID = "CA" + "1" * 32, "RE" + "1" * 32
# About as long as it takes to hear a sentence and press a key.
_A_MOMENT = timedelta(seconds=6)


@dataclass(frozen=True, slots=True)
class Sent:
    """A text that would be sent now: to whom, and what."""

    to: str
    body: str


@dataclass(frozen=True)
class _Caller(CallerTurns):
    """The caller's side, which keeps what was decided."""

    replies: list[Reply] = field(default_factory=list)

    def _say(self, reply: Reply) -> str:
        self.replies.append(reply)
        return ""


@dataclass(frozen=True)
class _Volunteer(VolunteerTurns):
    """The volunteer's side, which keeps what was decided and what is said."""

    turns: list[tuple[Turn, list[str]]] = field(default_factory=list)

    def _say(
        self,
        turn: Turn,
        state: CallState,
        leg: LegState | None,
        event: CallEvent,  # noqa: ARG002 - as the real one is told
        at: datetime,
        calls_this_week: int,
    ) -> str:
        language = first_language(leg.languages) if leg else None
        said = speaking.spoken(turn, state, self.rules, at, language, calls_this_week)
        self.turns.append((turn, [each.text for each in said]))
        return ""


class Rehearsal:
    """One line of the lines in a file, and one neighbour who rings or texts it.

    `at` moves on as the conversation does. Raises LoadingError.
    """

    def __init__(self, rules: Rules, file: Path, line: str | None, at: datetime) -> None:
        """`line` is the number (E.164) of the line; the file's first one, if None."""
        self.at = at
        self._rules = rules
        # Work that is promised, by job: done here at once, as workers would.
        self._promised: dict[str, list[int]] = {}
        engine = open_engine("sqlite://", DataKeys([token_bytes(KEY_BYTES)]))
        Base.metadata.create_all(engine)
        self._database = Database(engine, self._note)
        with self._database.unit_of_work() as session:
            load_file(session, file, at)
        with self._database.unit_of_work() as session:
            found = session.scalars(select(Line).order_by(Line.id)).all()
        self.lines = {each.number: each.name for each in found}
        self.line = line or next(iter(self.lines), "")
        flow = flow_of(rules)
        self._caller = _Caller(self._database, rules, _NOWHERE, flow)
        self._volunteer = _Volunteer(self._database, rules, _NOWHERE)
        self._texts = TextTurns(self._database, rules)
        self._progress = Progress(self._database, rules, flow)
        self._count = 0

    # A call

    def rings(self, number: str | None) -> Reply:
        """The neighbour rings the line; None is a withheld number."""
        self._number = number
        self._caller.first(self._event(Heard(Sound.SILENCE)), self.at)
        return self._caller.replies[-1]

    def hears(self, heard: Heard, seconds: int = 0) -> Reply:
        """The neighbour answers where the line waits; a recording lasts so many seconds."""
        self.at += _A_MOMENT + timedelta(seconds=seconds)
        spoke = heard.sound is Sound.RECORDING
        sid = _RECORDING_SID if spoke else None
        return self._next(self._event(heard, recording_sid=sid, recording_seconds=seconds))

    def says(self, reply: Reply) -> list[str]:
        """What the neighbour hears in a turn."""
        said = speaking.spoken(reply.turn, reply.state, self._rules, reply.at, reply.state.language)
        return [each.text for each in said]

    def name_of(self, leg: LegState) -> str:
        """Whose telephone rings."""
        with self._database.unit_of_work() as session:
            return session.get_one(Volunteer, leg.volunteer_id).name

    def picked_up(self, leg: LegState) -> tuple[Turn, list[str]]:
        """The volunteer, or their voicemail, picks up; what is said to them."""
        self.at += _A_MOMENT
        return self._volunteers_turn(leg, VOLUNTEER_FLOW.first, Heard(Sound.SILENCE))

    def volunteer_hears(self, leg: LegState, step: str, heard: Heard) -> tuple[Turn, list[str]]:
        """The volunteer answers where the line waits for them."""
        self.at += _A_MOMENT
        return self._volunteers_turn(leg, step, heard)

    def not_answered(self, leg: LegState) -> Reply:
        """The volunteer's telephone rang until it was given up."""
        self.at += timedelta(seconds=leg.ring_seconds)
        return self._next(self._event(NOT_TAKEN, leg_outcome=LegOutcome.NO_ANSWER), leg.id)

    def not_taken(self, leg: LegState) -> Reply:
        """Whoever picked up did not take the call."""
        return self._next(self._event(NOT_TAKEN, leg_outcome=LegOutcome.NOT_TAKEN), leg.id)

    def talked(self, leg: LegState, seconds: int) -> Reply:
        """The two have talked, and the volunteer has hung up."""
        self.at += timedelta(seconds=seconds)
        return self._next(self._event(ANSWERED, talked_seconds=seconds), leg.id)

    def hangs_up(self) -> None:
        """The call is over, whoever put the receiver down."""
        self.at += _A_MOMENT
        self._progress.of_call(CallProgress(_CALL_SID, CallStatus.COMPLETED, None, 0), self.at)

    # A text

    def texts(self, number: str, body: str) -> None:
        """The neighbour texts the line."""
        self._count += 1
        sid = f"SM{self._count:032x}"
        self._texts.received(TextEvent(sid, number, self.line, body, 0), self.at)
        for text_id in self._taken(texts.TAKE):
            self._texts.take(text_id, self.at)
        self.at += _A_MOMENT

    # What came of it

    def sent(self) -> list[Sent]:
        """The texts that have been promised for now since this was asked last."""
        found: list[Sent] = []
        with self._database.unit_of_work() as session:
            for text_id in self._taken(texts.SEND):
                text = session.get_one(Text, text_id)
                texts.move_forward(session, text_id, TextStatus.SENT, self.at)
                who = session.get(Volunteer, text.volunteer_id or 0)
                found.append(Sent(who.name if who else mask(text.number), text.body))
        return found

    def stories(self) -> list[Story]:
        """All that is written down."""
        with self._database.unit_of_work() as session:
            return told.of_requests(session)

    def _note(self, job: str, row_id: int) -> None:
        self._promised.setdefault(job, []).append(row_id)

    def _taken(self, job: str) -> list[int]:
        return self._promised.pop(job, [])

    def _event(
        self,
        heard: Heard,
        *,
        leg_outcome: LegOutcome | None = None,
        talked_seconds: int = 0,
        recording_sid: str | None = None,
        recording_seconds: int = 0,
    ) -> CallEvent:
        return CallEvent(
            _CALL_SID,
            self._number,
            self.line,
            heard,
            leg_outcome=leg_outcome,
            talked_seconds=talked_seconds,
            recording_sid=recording_sid,
            recording_seconds=recording_seconds,
        )

    def _next(self, event: CallEvent, leg_id: int = 0) -> Reply:
        turn = self._caller.replies[-1].turn
        self._caller.next(turn.step or "", event, self.at, turn.tries, leg_id)
        return self._caller.replies[-1]

    def _volunteers_turn(self, leg: LegState, step: str, heard: Heard) -> tuple[Turn, list[str]]:
        leg_sid = f"CA{leg.id:032x}"
        event = CallEvent(leg_sid, None, leg.number, heard, is_whisper=True)
        tries = self._volunteer.turns[-1][0].tries if step != VOLUNTEER_FLOW.first else 0
        self._volunteer.next(leg.id, step, event, self.at, tries)
        return self._volunteer.turns[-1]
