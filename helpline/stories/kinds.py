"""The kinds of thing that happen about a request, each as a frozen value. Instants are UTC."""

from dataclasses import dataclass
from datetime import datetime

from helpline.models import CallbackStatus, CallStatus, LegOutcome, TextStatus, VoicemailStatus


@dataclass(frozen=True, slots=True)
class CallBegan:
    """A caller rang, or we rang them back; `asked_by` is who rang them of their own accord.

    `number_doubted`: the network could not prove that the number they showed is theirs.
    """

    at: datetime
    line: str
    is_callback: bool
    asked_by: str | None = None
    number_doubted: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """A volunteer's telephone rang, for so long (None: it rings now), and what became of it.

    `is_taken`: it was they who took the call. `pressed_1`: they wanted to.
    """

    at: datetime
    volunteer: str
    rang_seconds: int | None
    outcome: LegOutcome | None
    talked_seconds: int | None
    is_taken: bool = False
    pressed_1: bool = False

    @property
    def in_vain(self) -> bool:
        """Whether they pressed 1, and the caller was gone before a word was said."""
        return self.pressed_1 and self.outcome is LegOutcome.NOT_TAKEN


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A call was over."""

    at: datetime
    status: CallStatus


@dataclass(frozen=True, slots=True)
class MessageLeft:
    """Somebody spoke after the tone."""

    at: datetime
    seconds: int
    status: VoicemailStatus
    voicemail_id: int
    heard_at: datetime | None
    heard_by: str | None
    # Its sound has had its time.
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Texted:
    """A text, from somebody or to them; `at` lies ahead where one of ours is held until then."""

    at: datetime
    who: str
    from_us: bool
    body: str
    status: TextStatus
    dropped_because: str | None


@dataclass(frozen=True, slots=True)
class CallbackPromised:
    """A call was owed from then on, to be made by `due_at`."""

    at: datetime
    due_at: datetime
    status: CallbackStatus
    tries: int


@dataclass(frozen=True, slots=True)
class CallbackOver:
    """A call was owed no longer."""

    at: datetime
    status: CallbackStatus


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the audit log; `volunteer` is whom it is about, or who said so by telephone.

    `by` is who did it on the pages.
    """

    at: datetime
    event: str
    volunteer: str | None
    detail: str | None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class NoteWritten:
    """A note of a volunteer's, in their words."""

    at: datetime
    volunteer: str
    words: str


Happening = (
    CallBegan
    | Rung
    | CallEnded
    | MessageLeft
    | Texted
    | CallbackPromised
    | CallbackOver
    | Noted
    | NoteWritten
)
