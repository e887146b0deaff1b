"""GET /groups/<group>/requests: what neighbours ask for and offer, and each one's own page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

from helpline.logs import masked
from helpline.models import Kind, Outcome
from helpline.request_states import State
from helpline.requests import SHARED_CODE
from helpline.stories import lists as lists
from helpline.stories.lists import Row, Standing, Wanted
from helpline.web import request_pages as pages
from helpline.web.access import Role, asker, is_coordinator, open_to
from helpline.web.cards import STATE_WORDS
from helpline.web.house import house, now
from helpline.web.request_forms import NOBODY
from helpline.web.today import HOW_WORDS

requests = Blueprint("requests", __name__)

_ALL: Final = "all"
_FILTERS: Final = ("state", "words", "kind", "category", "person", "line")
# What has more is no number of ours, and no database's.
_DIGITS: Final = 10


@requests.get("/groups/<int:group_id>/requests", endpoint="list")
@open_to(Role.VOLUNTEER)
def listed(group_id: int) -> str:
    """Fifty requests, what matters first. Volunteers see those that they have."""
    wanted = _wanted(request.args)
    number = _number(request.args.get("page", "")) or 1
    choices = house().rules.config.requests
    with house().database.reading() as reading:
        found = lists.page_of(reading, group_id, wanted, choices.urgencies, now(), number)
        people = lists.holders(reading, group_id) if is_coordinator() else []
        lines = lists.lines_of(reading, group_id) if is_coordinator() else []
    return render_template(
        "requests/list.html",
        found=found,
        wanted=wanted,
        is_filtered=wanted != _wanted(MultiDict()),
        kept={name: said for name in _FILTERS if (said := request.args.get(name))},
        people=people,
        lines=lines,
        choices=choices,
        badges=_badges,
        masked=masked,
        shared_code=SHARED_CODE,
        state_words=STATE_WORDS,
        how_words=HOW_WORDS,
    )


def _wanted(args: MultiDict[str, str]) -> Wanted:
    """What the address asks for; whatever is no choice of ours is as if it were not there."""
    state, kind, person = args.get("state", ""), args.get("kind", ""), args.get("person", "")
    mine = None if is_coordinator() else asker().volunteer_id
    line, holder = (_number(args.get(name, "")) for name in ("line", "person"))
    return Wanted(
        state=None if state == _ALL else _one(State, state, State.OPEN),
        kind=_one(Kind, kind, None),
        category=args.get("category", "").replace("\0", "") or None,
        line_id=line,
        volunteer_id=mine or holder,
        elsewhere_too=mine is not None,
        nobody=mine is None and person == NOBODY,
        words=args.get("words", "") if mine is None else "",
    )


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < _DIGITS else None


def _one(choices: Any, said: str, otherwise: Any) -> Any:
    return choices(said) if said in set(choices) else otherwise


@dataclass(frozen=True)
class _Badge:
    """A word beside a request, and the colour of it, as Bootstrap calls it."""

    words: Any
    look: str


_STANDING: Final = {
    Standing.OVERDUE: _Badge(lazy_gettext("overdue"), "danger"),
    Standing.NEW: _Badge(lazy_gettext("new"), "warning"),
}
_WORRIES: Final = {
    Outcome.WORRIED: _Badge(lazy_gettext("worried"), "danger"),
    Outcome.NOT_HELPED: _Badge(lazy_gettext("the help did not arrive"), "danger"),
}
_OFFER: Final = _Badge(lazy_gettext("offer"), "info")


def _badges(row: Row) -> Iterator[_Badge]:
    """Why a request stands where it does in the list, and whether it is an offer."""
    if row.state is not State.OPEN:
        yield _Badge(STATE_WORDS[row.state], "secondary")
    elif row.standing is Standing.WORRIED:
        yield _WORRIES[cast(Outcome, row.outcome)]
    elif row.standing in _STANDING:
        yield _STANDING[row.standing]
    if row.kind is Kind.OFFER:
        yield _OFFER


@requests.get("/groups/<int:group_id>/requests/<int:request_id>")
@open_to(Role.VOLUNTEER)
def show(group_id: int, request_id: int) -> ResponseReturnValue:
    """One request: its story in order, and the next thing to do."""
    return pages.page(request_id)


@requests.get("/groups/<int:group_id>/requests/<int:request_id>/live")
@open_to(Role.VOLUNTEER)
def live(group_id: int, request_id: int) -> ResponseReturnValue:
    """What has changed since `seen`, a tag of an earlier answer: 204 where nothing has."""
    return pages.live(request_id, request.args.get("seen", ""))
