"""GET /groups/<group>/audit: who did what, and what happened, for whoever wonders afterwards."""

from datetime import date, datetime, time, timedelta
from typing import Final

from flask import Blueprint, render_template, request

from helpline.auditing import reading
from helpline.auditing.reading import Wanted
from helpline.web.access import Role, open_to
from helpline.web.audit_words import HEADINGS, sentence
from helpline.web.house import house
from helpline.web.people_forms import row_id
from helpline.web.wording import zone
from helpline.when.wall_clock import instant

audit = Blueprint("audit", __name__)

_DAY: Final = timedelta(days=1)


@audit.get("/groups/<int:group_id>/audit", endpoint="list")
@open_to(Role.COORDINATOR)
def lines(group_id: int) -> str:
    """The newest lines that are asked for; what cannot be understood asks for nothing."""
    asked = {name: request.args.get(name, "").strip()[:40] for name in _ASKED}
    with house().database.reading() as session:
        people = reading.people(session, group_id)
        found = reading.search(
            session, group_id, _wanted(asked), row_id(request.args.get("older-than", ""))
        )
    return render_template(
        "audit/list.html",
        found=found,
        sentence=sentence,
        asked=asked,
        people=people,
        headings=[(key, words) for key, (words, _) in HEADINGS.items()],
        older={**{k: v for k, v in asked.items() if v}, "older-than": found.older_than},
        is_searched=any(asked.values()),
    )


_ASKED: Final = ("what", "who", "code", "from", "to")


def _wanted(asked: dict[str, str]) -> Wanted:
    heading = HEADINGS.get(asked["what"])
    first, last = _date(asked["from"]), _date(asked["to"])
    return Wanted(
        events=None if heading is None else tuple(heading[1]),
        who=row_id(asked["who"]),
        code=asked["code"] or None,
        since=_midnight(first) if first else None,
        before=_midnight(last + _DAY) if last and last < date.max else None,
    )


def _date(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _midnight(on: date) -> datetime:
    return instant(datetime.combine(on, time()), zone())
