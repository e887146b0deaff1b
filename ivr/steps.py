"""The kinds of step a conversation is made of, and the flow that is a table of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

PERSON_KEY = "0"


@dataclass(frozen=True, slots=True)
class Say:
    """Say a prompt and go on; `then=None` ends the call."""

    prompt: str
    then: str | None = None


@dataclass(frozen=True, slots=True)
class Menu:
    """Say a prompt and wait for one key. `*` always repeats.

    `choices` maps a key to the step it leads to. A key that is not among them is apologised for
    `tries` times, then leads to `lost`; silence leads to `silence`. Only where `voice` is a step is
    a voice listened for; what it says is not looked at.
    """

    prompt: str
    choices: Mapping[str, str]
    silence: str
    lost: str
    voice: str | None = None
    tries: int = 2
    # Said in the same breath after the prompt, each only where the facts have something to say.
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """Offer what the facts list under `options`, one key each; `want` remembers the choice."""

    prompt: str
    each: str
    options: str
    want: str
    then: str
    silence: str
    choices: Mapping[str, str] = field(default_factory=dict)
    tries: int = 2
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """Say a prompt and record what follows; `keys`, which it names, work instead of speaking.

    After the tone `*` repeats and 0 leads to a `person`; where they have spoken before, to `both`
    (None: as what is recorded does). Any other key is apologised for `tries` times, then leads to
    `lost` (None: as silence does).
    """

    prompt: str
    recorded: str
    silence: str
    keys: Mapping[str, str] = field(default_factory=dict)
    person: str | None = None
    both: str | None = None
    lost: str | None = None
    tries: int = 2


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring the volunteers on shift; `between` is said before each further one."""

    prompt: str
    between: str
    answered: str
    nobody: str


@dataclass(frozen=True, slots=True)
class Connect:
    """Put the two people through; the step after it is for when they have done talking."""

    then: str
    unanswered: str


@dataclass(frozen=True, slots=True)
class Check:
    """Go one way or the other, by a named yes-or-no of the facts; None is the end."""

    fact: str
    yes: str | None
    no: str | None


@dataclass(frozen=True, slots=True)
class Do:
    """Want something done (a name in `ivr.actions`), and go on."""

    want: str
    then: str | None = None


Step = Say | Menu | Ask | Record | Ring | Connect | Check | Do
# What a conversation can stop at, to wait for the other side.
Waiting = Menu | Ask | Record | Ring | Connect


class Flow:
    """A conversation: named steps in the order a person lives them; the first one begins it."""

    def __init__(self, name: str, **steps: Step) -> None:
        self.name = name
        self.steps: Mapping[str, Step] = MappingProxyType(steps)
        self.first = next(iter(steps))
        self.waiting = frozenset(name for name, step in steps.items() if isinstance(step, Waiting))

    def __getitem__(self, step: str) -> Step:
        return self.steps[step]

    def __iter__(self) -> Iterator[tuple[str, Step]]:
        return iter(self.steps.items())


def ways_out(step: Step) -> tuple[tuple[str, str | None], ...]:
    """Every (reason, next step) of a step; None is the end of the call."""
    match step:
        case Say(then=then):
            return (("", then),)
        case Do(want=want, then=then):
            return ((want, then),)
        case Check(yes=yes, no=no):
            return (("yes", yes), ("no", no))
        case Menu(choices=choices, silence=silence, lost=lost, voice=voice):
            spoken = (("voice", voice),) if voice is not None else ()
            return (*choices.items(), *spoken, ("silence", silence), ("lost", lost))
        case Ask(choices=choices, then=then, silence=silence):
            return (("chosen", then), *choices.items(), ("silence", silence))
        case Record(keys=keys, recorded=recorded, silence=silence, person=person, lost=lost):
            ways = (*keys.items(), ("recorded", recorded), ("silence", silence))
            both = (f"recorded, {PERSON_KEY}", step.both)
            more = ((PERSON_KEY, person), both, ("lost", lost))
            return (*ways, *((why, target) for why, target in more if target is not None))
        case Ring(answered=answered, nobody=nobody):
            return (("answered", answered), ("nobody", nobody))
        case Connect(then=then, unanswered=unanswered):
            return (("talked", then), ("unanswered", unanswered))
