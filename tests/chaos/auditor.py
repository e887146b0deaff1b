"""The auditor: compares what the phone network saw with what the database holds.

It knows nothing of how the helpline works, only what it has promised. A finding names rows and
sids, never a number or anybody's words. `audit` is asked when everything has had time to settle.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from helpline.models import (
    AuditLine,
    Call,
    Callback,
    CallbackStatus,
    CallDirection,
    Kind,
    Leg,
    LegOutcome,
    LineGroup,
    Membership,
    Request,
    Text,
    TextStatus,
    Voicemail,
    VoicemailStatus,
)
from simulator import Network
from simulator.events import Ended, TextSent, WebhookSent
from simulator.records import Message
from simulator.speech import TWILIO_APOLOGY
from simulator.voice.leg import Leg as NetworkLeg
from tests.chaos.findings import BACKWARDS, LOGGED, PROMISE, SENTENCE, STUCK, TWICE, Finding, Report
from tests.chaos.history import Move, moves
from tests.people import Script

# What is due may wait for a lost nudge to be made good (60 s) and for a worker that was killed.
GRACE: Final = timedelta(minutes=3)
# Who puts the receiver down before anybody could have answered was not left by us.
SOON: Final = timedelta(seconds=20)
# A recording shorter than this is a click.
SHORTEST_SECONDS: Final = 2
# Having heard one of these, a caller counts on being rung.
_PROMISES: Final = frozenset({"no_one_free", "closed", "rung_back_thanks", "message_thanks"})
_ON_ITS_WAY: Final = (TextStatus.PROMISED, TextStatus.SENDING, TextStatus.UNKNOWN)

_ENDED: Final = (TextStatus.DELIVERED, TextStatus.UNDELIVERED, TextStatus.FAILED)


def audit(
    network: Network, engine: Engine, script: Script, at: datetime, grace: timedelta = GRACE
) -> Report:
    """Look at everything, as it stands at this moment (aware, UTC).

    What should have been done longer than `grace` ago is stuck.
    """
    with network.lock, Session(engine) as session:
        auditor = _Auditor(network, session, script, at, grace)
        findings = tuple(finding for rule in auditor.rules for finding in rule())
        moved = moves(session)
        backwards = (Finding(BACKWARDS, str(move)) for move in moved if move.is_backwards)
        return Report((*findings, *backwards), auditor.counts(moved))


class _Auditor:
    def __init__(
        self, network: Network, session: Session, script: Script, at: datetime, grace: timedelta
    ) -> None:
        self.network = network
        self.script = script
        self.at = at
        self.since = at - grace
        self.calls = _all(session, Call)
        self.legs = _all(session, Leg)
        self.texts = _all(session, Text)
        self.callbacks = _all(session, Callback)
        self.voicemails = _all(session, Voicemail)
        self.requests = {request.id: request for request in _all(session, Request)}
        self.events = Counter(line.event for line in _all(session, AuditLine))
        self.has_coordinator = {
            line_id
            for [line_id] in session.execute(
                select(LineGroup.line_id)
                .join(Membership, Membership.group_id == LineGroup.group_id)
                .where(Membership.coordinator)
            )
        }

    @property
    def rules(self) -> tuple[Callable[[], Iterator[Finding]], ...]:
        return (
            self._sentences,
            self._logged_calls,
            self._logged_texts,
            self._logged_voicemails,
            self._spoken_promises,
            self._owed_promises,
            self._sent_twice,
            self._heard_and_forgotten,
            self._stuck_work,
            self._stuck_calls,
        )

    # What the network saw

    @cached_property
    def incoming(self) -> list[NetworkLeg]:
        """Calls of people to our lines; the line that rings itself is none."""
        return [
            leg
            for leg in self.network.calls.values()
            if leg.call.direction == "inbound"
            and leg.call.to_number in self.network.numbers
            and leg.call.from_number not in self.network.numbers
        ]

    @cached_property
    def _ended_by(self) -> Mapping[str, str]:
        return {event.call_sid: event.by for event in self.network.log.of(Ended)}

    def _sentences(self) -> Iterator[Finding]:
        for leg in self.incoming:
            if not leg.call.is_over:
                continue
            heard = [each.text or each.url for each in leg.heard if each.sound in {"say", "play"}]
            lasted = (leg.call.ended_at or self.at) - leg.call.created_at
            gave_up = self._ended_by.get(leg.call.sid) == "phone" and lasted < SOON
            if TWILIO_APOLOGY in heard:
                yield Finding(SENTENCE, f"call {leg.call.sid} heard the network's apology")
            elif not heard and not gave_up:
                yield Finding(SENTENCE, f"call {leg.call.sid} heard nothing")

    def _logged_calls(self) -> Iterator[Finding]:
        known = {call.call_sid for call in self.calls}
        for leg in self.incoming:
            if leg.call.sid not in known:
                yield Finding(LOGGED, f"call {leg.call.sid}")

    def _logged_texts(self) -> Iterator[Finding]:
        known = {text.message_sid for text in self.texts}
        for message in self._messages("inbound"):
            if message.to_number in self.network.numbers and message.sid not in known:
                yield Finding(LOGGED, f"text {message.sid}")

    def _messages(self, direction: str) -> list[Message]:
        messages = self.network.texts.messages.values()
        return [message for message in messages if message.direction == direction]

    def _logged_voicemails(self) -> Iterator[Finding]:
        known = {voicemail.recording_sid for voicemail in self.voicemails}
        for recording in self.network.recordings.values():
            spoken = recording.seconds >= SHORTEST_SECONDS and not recording.is_silent
            # Deleted: somebody of ours had the network forget it, who must have kept it.
            is_over = recording.status in {"completed", "deleted"}
            if is_over and spoken and recording.sid not in known:
                yield Finding(LOGGED, f"voicemail {recording.sid} of {recording.call_sid}")

    # What was promised

    def _spoken_promises(self) -> Iterator[Finding]:
        """Who was told that they will be rung is owed it; so is who was asked to wait in vain."""
        by_sid = {call.call_sid: call for call in self.calls}
        owed = {callback.request_id for callback in self.callbacks}
        for leg in self.incoming:
            call = by_sid.get(leg.call.sid)
            said = [each for each in leg.heard if each.sound == "say" and self._is_ours(each.text)]
            promised = {self.script.prompt(each)[0] for each in said} & _PROMISES
            if promised and call is not None and call.caller_id is not None:
                offered = self._kind(call) is Kind.OFFER
                if not offered and call.request_id not in owed:
                    yield Finding(PROMISE, f"call {call.id} heard {min(promised)}")
        talked = {leg.call_id for leg in self.legs if leg.outcome is LegOutcome.TALKED}
        for call in self.calls:
            abandoned = call.ended_at is not None and call.id not in talked
            asks = call.direction is CallDirection.INCOMING and self._kind(call) is Kind.ASK
            if abandoned and asks and call.request_id not in owed:
                yield Finding(PROMISE, f"call {call.id} ended before anybody talked")

    def _is_ours(self, words: str) -> bool:
        return words != TWILIO_APOLOGY

    def _kind(self, call: Call) -> Kind | None:
        request = self.requests.get(call.request_id or 0)
        return request.kind if request else None

    def _owed_promises(self) -> Iterator[Finding]:
        for callback in self.callbacks:
            request = self.requests[callback.request_id]
            if request.line_id not in self.has_coordinator:
                yield Finding(PROMISE, f"callback {callback.id} has no owner")
            waits = callback.status in (CallbackStatus.OWED, CallbackStatus.RINGING)
            if waits and callback.next_try_at is None:
                yield Finding(PROMISE, f"callback {callback.id} has no next try")
        for text in self.texts:
            if text.status in _ON_ITS_WAY and text.next_try_at is None:
                yield Finding(PROMISE, f"text {text.id} ({text.status}) has no next try")
        for voicemail in self.voicemails:
            waits = voicemail.status in (VoicemailStatus.AT_PROVIDER, VoicemailStatus.FETCHED)
            if waits and voicemail.next_try_at is None and voicemail.tries < 20:
                yield Finding(PROMISE, f"voicemail {voicemail.id} has no next try")

    @cached_property
    def _sent_for(self) -> Mapping[str, list[str]]:
        """The texts that the network took, by the row that they were sent for."""
        found: dict[str, list[str]] = {}
        for event in self.network.log.of(TextSent):
            message = self.network.texts.messages.get(event.message_sid)
            if message is None:
                continue  # it was deleted there, as whoever was erased wished
            asked = parse_qs(urlsplit(message.callback.url).query)
            for text_id in asked.get("text", []):
                found.setdefault(text_id, []).append(message.sid)
        return found

    def _sent_twice(self) -> Iterator[Finding]:
        for text_id, sids in self._sent_for.items():
            if len(sids) > 1:
                yield Finding(TWICE, f"text {text_id} was sent {len(sids)} times")

    def _heard_and_forgotten(self) -> Iterator[Finding]:
        """The network told us how a text ended, and we said yes: then it has ended here.

        What tells of a test call is sent for no row.
        """
        ended = {text.message_sid for text in self.texts if text.status in _ENDED}
        goes_on = {sid for sids in self._sent_for.values() for sid in sids} - ended
        for sent in self.network.log.of(WebhookSent):
            is_last = sent.form.get("MessageStatus") in {"delivered", "undelivered", "failed"}
            was_taken = sent.about == "text-status" and sent.status in {200, 204}
            if was_taken and is_last and sent.sid in goes_on:
                yield Finding(BACKWARDS, f"text {sent.sid} ended, we were told, and it goes on")

    # What waits for nobody

    def _stuck_work(self) -> Iterator[Finding]:
        since = self.since
        tables: tuple[tuple[str, list[Any]], ...] = (
            ("callback", self.callbacks),
            ("text", self.texts),
            ("voicemail", self.voicemails),
        )
        for name, rows in tables:
            for row in rows:
                if row.next_try_at is not None and row.next_try_at < since:
                    yield Finding(STUCK, f"{name} {row.id} ({row.status}) was due long ago")
        for text in self.texts:
            lost = text.status is TextStatus.UNKNOWN or text.status is TextStatus.SENDING
            if lost and text.sending_at is not None and text.sending_at < since - GRACE:
                yield Finding(STUCK, f"text {text.id} is {text.status} for long")

    def _stuck_calls(self) -> Iterator[Finding]:
        since = self.since
        ended_at = {
            sid: leg.call.ended_at for sid, leg in self.network.calls.items() if leg.call.is_over
        }
        live = [leg for leg in self.legs if leg.ended_at is None]
        going_on = {call.id for call in self.calls if call.ended_at is None}
        for call in self.calls:
            over = ended_at.get(call.call_sid or "")
            incoming = call.direction is CallDirection.INCOMING
            if incoming and call.id in going_on and over is not None and over < since:
                yield Finding(STUCK, f"call {call.id} is over and goes on here")
            rung = call.direction is CallDirection.CALLBACK and call.id in going_on
            if rung and not any(leg.call_id == call.id for leg in live):
                owed = any(
                    callback.id == call.callback_id and callback.ended_at is None
                    for callback in self.callbacks
                )
                if not owed and call.started_at < since:
                    yield Finding(STUCK, f"callback's call {call.id} goes on without anybody")
        for leg in live:
            over = ended_at.get(leg.leg_sid or "")
            if leg.call_id not in going_on:
                yield Finding(STUCK, f"leg {leg.id} goes on after its call")
            elif over is not None and over < since:
                yield Finding(STUCK, f"leg {leg.id} is over and goes on here")

    def _fallbacks(self) -> int:
        fallen = {sent.sid for sent in self.network.log.of(WebhookSent) if sent.about == "fallback"}
        return len(fallen)

    def counts(self, moved: Iterable[Move]) -> Mapping[str, int]:
        """How much there was; `moved` is every status that there ever was."""
        unsure = {move.row_id for move in moved if move.became == TextStatus.UNKNOWN}
        statuses = Counter(str(text.status) for text in self.texts)
        return {
            "calls that came in": len(self.incoming),
            "of them put through": sum(leg.outcome is LegOutcome.TALKED for leg in self.legs),
            "of them found afterwards": self.events["call_missed"],
            "of them answered by the fallback": self._fallbacks(),
            "telephones rung for them": len(self.legs),
            "texts that came in": len(self._messages("inbound")),
            "texts that went out": sum(len(sids) for sids in self._sent_for.values()),
            "texts delivered": statuses["delivered"],
            "texts dropped, no longer wanted": statuses["dropped"],
            "texts failed for good": statuses["failed"] + statuses["undelivered"],
            "texts still to be sent": sum(statuses[each] for each in _ON_ITS_WAY),
            "texts nobody was sure of, looked up": len(unsure),
            "of them found sent": self.events["text_looked_up"],
            "voicemails": len(self.voicemails),
            "callbacks owed": sum(callback.ended_at is None for callback in self.callbacks),
            "callbacks ended": sum(callback.ended_at is not None for callback in self.callbacks),
        }


def _all(session: Session, table: type[Any]) -> list[Any]:
    return list(session.scalars(select(table)))
