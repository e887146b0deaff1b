"""Conferences: several calls in one room, with music before it begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from simulator.events import JoinedConference, LeftConference
from simulator.forms import Form, rfc2822
from simulator.records import NO_HOOK, Hook
from simulator.speech import BEEP_SECONDS, Heard
from simulator.tasks import Signal, Task, wait
from simulator.twiml.document import TwimlError, Verb
from simulator.voice.leg import Doing, HungUp, Leg, Redirected
from simulator.voice.script import Goto, Script
from simulator.webhooks import Outgoing, Session

if TYPE_CHECKING:
    from simulator.network import Network
    from simulator.voice.dial import Outcome

MOST_PARTICIPANTS = 250
EVENTS = frozenset(["start", "end", "join", "leave", "mute", "hold", "modify"])


@dataclass(eq=False, slots=True)
class Participant:
    """One call in a conference. `removed` fires when it is put out."""

    leg: Leg
    joined_at: datetime
    label: str = ""
    muted: bool = False
    hold: bool = False
    starts: bool = True
    ends: bool = False
    beeps: bool = True
    removed: Signal[str] = field(default_factory=Signal)


@dataclass(eq=False, slots=True)
class Conference:
    """One conference: `init` until it begins, then `in-progress`, then `completed` for ever."""

    sid: str
    name: str
    created_at: datetime
    updated_at: datetime
    status: str = "init"
    most: int = MOST_PARTICIPANTS
    reason_ended: str = ""
    ended_by: str = ""
    hook: Hook = NO_HOOK
    events: frozenset[str] = frozenset()
    told: int = 0
    participants: list[Participant] = field(default_factory=list)
    began: Signal[None] = field(default_factory=Signal)


class Conferences:
    """The account's conferences, by sid; a name is free again when its conference is over."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.by_sid: dict[str, Conference] = {}

    def named(self, name: str) -> Conference | None:
        for room in self.by_sid.values():
            if room.name == name and room.status != "completed":
                return room
        return None

    def create(self, name: str) -> Conference:
        now = self._network.clock.now()
        room = Conference(self._network.new_sid("CF"), name, now, now)
        self.by_sid[room.sid] = room
        return room

    def partners(self, leg: Leg) -> list[Leg]:
        """The other calls that can hear this one."""
        if leg.doing is not Doing.IN_CONFERENCE:
            return []
        for room in self.by_sid.values():
            legs = [p.leg for p in room.participants]
            if leg in legs and room.status == "in-progress":
                return [other for other in legs if other is not leg]
        return []

    def join(self, room: Conference, participant: Participant) -> None:
        room.participants.append(participant)
        self._changed(room)
        leg = participant.leg
        self._network.log.add(JoinedConference, call_sid=leg.call.sid, conference=room.name)
        self.tell(room, "join", "participant-join", participant)
        ready = len(room.participants) > 1 and any(p.starts for p in room.participants)
        if room.status == "init" and ready:
            room.status = "in-progress"
            room.began.fire(None)
            self.tell(room, "start", "conference-start")
        if participant.beeps:
            for other in room.participants:
                other.leg.hear(Heard("beep", "", self._network.clock.now(), BEEP_SECONDS))

    def leave(self, room: Conference, participant: Participant, reason: str) -> None:
        if participant not in room.participants:
            return
        room.participants.remove(participant)
        self._changed(room)
        call = participant.leg.call
        self._network.log.add(LeftConference, call_sid=call.sid, conference=room.name)
        extras = {"ReasonParticipantLeft": reason, "ParticipantCallStatus": call.status}
        self.tell(room, "leave", "participant-leave", participant, extras)
        if room.status == "completed":
            self._tell_end(room)
        elif participant.ends:
            self.end(room, "participant-with-end-conference-on-exit-left", call.sid)
        elif not room.participants:
            self.end(room, "last-participant-left", call.sid)

    def end(self, room: Conference, reason: str, call_sid: str = "") -> None:
        """Close the room and put everybody out."""
        if room.status == "completed":
            return
        room.status, room.reason_ended, room.ended_by = "completed", reason, call_sid
        by_rest = reason == "conference-ended-via-api"
        why = "conference_ended_via_api" if by_rest else "moderator_ended_conference"
        for participant in list(room.participants):
            participant.removed.fire(why)
        self._tell_end(room)

    def _tell_end(self, room: Conference) -> None:
        """The last thing told, when everybody is out."""
        if room.participants:
            return
        extras = {
            "ReasonConferenceEnded": room.reason_ended,
            "Reason": room.reason_ended.replace("-", " "),
        }
        if room.ended_by:
            extras["CallSidEndingConference"] = room.ended_by
        self.tell(room, "end", "conference-end", None, extras)

    def tell(
        self,
        room: Conference,
        wanted: str,
        event: str,
        participant: Participant | None = None,
        extras: Form | None = None,
    ) -> None:
        """A status callback, if the first participant asked for this event."""
        if not room.hook or wanted not in room.events:
            return
        network = self._network
        form = {
            "AccountSid": network.account_sid,
            "ConferenceSid": room.sid,
            "FriendlyName": room.name,
            "SequenceNumber": str(room.told),
            "StatusCallbackEvent": event,
            "Timestamp": rfc2822(network.clock.now()),
            **(extras or {}),
        }
        room.told += 1
        if participant is not None:
            form.update(_about(participant))
        hook = room.hook
        session = Session(room.sid, voice=True)
        network.webhooks.send_callback(
            Outgoing("conference-status", hook.url, hook.method, form, session)
        )

    def _changed(self, room: Conference) -> None:
        room.updated_at = self._network.clock.now()


def _about(participant: Participant) -> Form:
    form = {
        "CallSid": participant.leg.call.sid,
        "Coaching": "false",
        "EndConferenceOnExit": _word(participant.ends),
        "Hold": _word(participant.hold),
        "Muted": _word(participant.muted),
        "StartConferenceOnEnter": _word(participant.starts),
    }
    if participant.label:
        form["ParticipantLabel"] = participant.label
    return form


def _word(flag: bool) -> str:
    return "true" if flag else "false"


async def dial_conference(script: Script, verb: Verb, outcome: Outcome, ring_back: Heard) -> None:
    """Join a conference and stay until the call ends, or somebody ends it."""
    del ring_back  # nobody is rung
    noun, network, leg = verb.children[0], script.network, script.leg
    rooms = network.conferences
    room = rooms.named(noun.text) or rooms.create(noun.text)
    if not room.participants:
        _set_up(script, room, noun)
    outcome.status, outcome.extras = "answered", {}
    if len(room.participants) >= room.most:
        outcome.status = "failed"
        return
    outcome.if_cut_short = "answered"
    participant = Participant(
        leg,
        script.clock.now(),
        label=noun.get("participantLabel"),
        muted=noun.flag("muted", False),
        starts=noun.flag("startConferenceOnEnter", True),
        ends=noun.flag("endConferenceOnExit", False),
        beeps=noun.get("beep", "true") in {"true", "onEnter"},
    )
    rooms.join(room, participant)
    limit = script.number(verb, "timeLimit", 14_400, 1, 86_400)
    try:
        if not room.began.fired:
            await _wait_for_others(script, room, noun, participant)
        leg.doing = Doing.IN_CONFERENCE
        await wait(script.clock, limit, participant.removed)
    except (HungUp, Redirected):
        rooms.leave(room, participant, "participant_hung_up")
        raise
    leg.doing = Doing.DIALLING
    put_out = participant.removed.fired
    rooms.leave(room, participant, participant.removed.value if put_out else "participant_hung_up")


def _set_up(script: Script, room: Conference, noun: Verb) -> None:
    """The status callback and the limit are the first participant's."""
    url = noun.get("statusCallback")
    if url:
        room.hook = Hook(script.resolve(url), noun.get("statusCallbackMethod", "POST"))
        room.events = frozenset(noun.get("statusCallbackEvent").split()) & EVENTS
    room.most = script.number(noun, "maxParticipants", MOST_PARTICIPANTS, 2, MOST_PARTICIPANTS)


async def _wait_for_others(
    script: Script, room: Conference, noun: Verb, participant: Participant
) -> None:
    leg, clock = script.leg, script.clock
    url = noun.attributes.get("waitUrl")
    music: Task[None] | None = None
    leg.doing = Doing.IN_CONFERENCE
    if url is None:
        leg.hear(Heard("music", "", clock.now(), 0.0))
    elif url:
        goto = Goto(script.resolve(url), noun.get("waitMethod", "POST"), about="conference-wait")
        music = Task(clock, partial(_hold, script, goto), expected=(HungUp,))
    try:
        await wait(clock, None, room.began, participant.removed)
    finally:
        if music is not None:
            music.interrupt(HungUp())


async def _hold(script: Script, goto: Goto) -> None:
    try:
        await Script(script.leg, context="conference wait").follow(goto)
    except TwimlError as error:
        script.network.complain(error.code, error.message, script.leg.call.sid, error.url)
