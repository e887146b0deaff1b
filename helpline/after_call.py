"""What a volunteer adds to a request after a call: a note, what it was about, how it went; once."""

from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from helpline import notes, request_changes
from helpline.models import Outcome, Request
from helpline.request_changes import By
from helpline.request_states import State
from helpline.rules import Rules


@dataclass(frozen=True, slots=True)
class Added:
    """What was filled in; empty is nothing to say. `category` is a key of config.yaml."""

    note: str = field(default="", repr=False)
    category: str | None = None
    outcome: Outcome | None = None


def add(session: Session, rules: Rules, request_id: int, added: Added, by: By) -> None:
    """Write all of it down, or nothing. The same form again changes nothing.

    Raises what `request_changes` does: ChangedMeanwhile, CallbackOwed.
    """
    request = session.get_one(Request, request_id, with_for_update=True)
    if request.changed_once == by.once:
        return
    if added.note and not notes.add(
        session, request_id, by.volunteer_id, added.note, by.once, by.at
    ):
        return
    is_described = added.category != request.category
    if is_described:
        # What changes last bears the form's own mark.
        first = by if added.outcome is None else replace(by, once=f"1:{by.once}"[:64])
        request_changes.describe(session, request_id, first, added.category, request.urgency)
    if added.outcome is not None:
        last = replace(by, version=by.version + is_described)
        _say(session, rules, request_id, added.outcome, last)


def _say(session: Session, rules: Rules, request_id: int, outcome: Outcome, by: By) -> None:
    if outcome is Outcome.DONE:
        request_changes.close(session, request_id, by, State.DONE)
    else:
        request_changes.say(session, rules, request_id, by, outcome)
