"""Decides what is said next: a flow, a step and what was heard go in, a turn comes out.

Pure: no clock, no database, no telephone. The doors do what a turn wants and say what it says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ivr.steps import PERSON_KEY, Ask, Check, Connect, Do, Flow, Menu, Record, Ring, Say, Waiting

REPEAT_KEY = "*"
# After the tone.
END_KEY = "#"
_OTHER_KEYS = frozenset("0123456789#")


class Sound(StrEnum):
    """What came back from the other side."""

    SILENCE = "silence"
    KEYS = "keys"
    VOICE = "voice"  # somebody spoke, whatever they said
    RECORDING = "recording"
    ANSWERED = "answered"  # two people talked
    NOT_TAKEN = "not_taken"  # this volunteer did not take the call
    NOBODY = "nobody"  # there is nobody (left) to ring


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard while a step waited."""

    sound: Sound
    # Those that ended a recording, too; the network says `hangup` where it was the receiver.
    keys: str = ""

    @property
    def is_somebody(self) -> bool:
        """Whether somebody pressed a key, or spoke where they were asked to instead."""
        has_key = self.keys == REPEAT_KEY or self.keys in _OTHER_KEYS
        return has_key or self.sound is Sound.VOICE


SILENCE = Heard(Sound.SILENCE)
ANSWERED = Heard(Sound.ANSWERED)
NOT_TAKEN = Heard(Sound.NOT_TAKEN)
NOBODY = Heard(Sound.NOBODY)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt to be said: its name in config.yaml, and the values only the flow knows."""

    name: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Want:
    """Something to be done before the turn is said; `choice` is what was chosen, if anything."""

    name: str
    choice: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of ours: what is said, what is wanted done, and the step that then waits.

    `waits` is None where the call ends after what is said.
    """

    says: tuple[Prompt, ...]
    wants: tuple[Want, ...] = ()
    step: str | None = None
    waits: Waiting | None = None
    tries: int = 0


def begin(flow: Flow, facts: object) -> Turn:
    """The first turn of a conversation."""
    return _walk(flow, flow.first, facts)


def answer(flow: Flow, step: str, heard: Heard, facts: object, tries: int = 0) -> Turn:
    """The turn that follows when `heard` comes in at a waiting step.

    `tries` counts the keys at this step that led nowhere. Raises KeyError for a step that the flow
    does not have, ValueError for one that does not wait.
    """
    waiting = flow[step]
    match waiting:
        case Menu() | Ask():
            return _keys(flow, step, waiting, heard, facts, tries)
        case Record():
            return _message(flow, step, waiting, heard, facts, tries)
        case Ring(between=between, answered=answered, nobody=nobody):
            if heard.sound is Sound.ANSWERED:
                return _walk(flow, answered, facts)
            if heard.sound is Sound.NOBODY:
                return _walk(flow, nobody, facts)
            return Turn((Prompt(between),), step=step, waits=waiting)
        case Connect(then=then, unanswered=unanswered):
            return _walk(flow, then if heard.sound is Sound.ANSWERED else unanswered, facts)
    raise ValueError(f"step {step} of flow {flow.name} does not wait for anything")


def _keys(
    flow: Flow, step: str, waiting: Menu | Ask, heard: Heard, facts: object, tries: int
) -> Turn:
    if heard.sound is Sound.SILENCE:
        return _walk(flow, waiting.silence, facts)
    if heard.sound is Sound.VOICE and isinstance(waiting, Menu) and waiting.voice is not None:
        return _walk(flow, waiting.voice, facts)
    if heard.keys == REPEAT_KEY:
        return _wait(step, waiting, facts, tries=tries)
    if heard.keys in waiting.choices:
        return _walk(flow, waiting.choices[heard.keys], facts)
    if isinstance(waiting, Ask):
        for key, area in enumerate(getattr(facts, waiting.options), start=1):
            if heard.keys == str(key):
                return _walk(flow, waiting.then, facts, (Want(waiting.want, area.group_id),))
    if tries >= waiting.tries:
        return _walk(flow, waiting.lost if isinstance(waiting, Menu) else waiting.silence, facts)
    return _sorry(step, waiting, facts, tries)


def _message(
    flow: Flow, step: str, waiting: Record, heard: Heard, facts: object, tries: int
) -> Turn:
    """What was said, or a key before or after the tone; whoever presses one is there."""
    if heard.sound is Sound.RECORDING:
        both = waiting.both if heard.keys == PERSON_KEY else None
        return _walk(flow, both or waiting.recorded, facts)
    if heard.keys in waiting.keys:
        return _walk(flow, waiting.keys[heard.keys], facts)
    if heard.keys == PERSON_KEY and waiting.person is not None:
        return _walk(flow, waiting.person, facts)
    if heard.keys == REPEAT_KEY:
        return _wait(step, waiting, facts, tries=tries)
    if heard.keys not in _OTHER_KEYS:
        return _walk(flow, waiting.silence, facts)
    ended = heard.keys == END_KEY and heard.sound is Sound.SILENCE
    if ended or tries >= waiting.tries:
        return _walk(flow, waiting.lost or waiting.silence, facts)
    return _sorry(step, waiting, facts, tries)


def _sorry(step: str, waiting: Menu | Ask | Record, facts: object, tries: int) -> Turn:
    """That key was not one of the choices: the same again."""
    again = _wait(step, waiting, facts, tries=tries + 1)
    return Turn((Prompt("wrong_key"), *again.says), step=step, waits=waiting, tries=again.tries)


def _walk(flow: Flow, name: str, facts: object, wants: tuple[Want, ...] = ()) -> Turn:
    """Go on from a step until one waits or the call ends."""
    says: tuple[Prompt, ...] = ()
    upcoming: str | None = name
    while upcoming is not None:
        step = flow[upcoming]
        match step:
            case Say(prompt=prompt, then=then):
                says, upcoming = (*says, Prompt(prompt)), then
            case Do(want=want, then=then):
                wants, upcoming = (*wants, Want(want)), then
            case Check(fact=fact, yes=yes, no=no):
                upcoming = yes if getattr(facts, fact) else no
            case _:
                turn = _wait(upcoming, step, facts)
                return Turn((*says, *turn.says), wants, turn.step, turn.waits)
    return Turn(says, wants)


def _wait(name: str, step: Waiting, facts: object, tries: int = 0) -> Turn:
    match step:
        case Menu(prompt=prompt, choices=choices, also=also):
            says = (Prompt(prompt, _digits(choices)), *(Prompt(more) for more in also))
        case Ask(prompt=prompt, each=each, options=options, also=also):
            offered = enumerate(getattr(facts, options), start=1)
            says = (
                Prompt(prompt),
                *(Prompt(each, (("key", str(k)), ("group", area.name))) for k, area in offered),
                *(Prompt(more) for more in also),
            )
        case Record(prompt=prompt, keys=keys):
            says = (Prompt(prompt, _digits(keys)),)
        case Ring(prompt=prompt):
            says = (Prompt(prompt),)
        case Connect():
            says = ()
    return Turn(says, step=name, waits=step, tries=tries)


def _digits(choices: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """A prompt names the choice, the table holds the digit: "Press {talk} to talk".

    Of several keys for one choice the first is named.
    """
    return tuple((target, key) for key, target in reversed(list(choices.items())))
