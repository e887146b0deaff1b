"""GET /h/<token>: whoever was asked to help sees with what, and answers, without signing in."""

from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from helpline.helping import answers as service
from helpline.helping.answers import Wanted
from helpline.rules import HOME_ZONE
from helpline.texting import request_links
from helpline.web.access import Role, open_to
from helpline.web.forms import Form
from helpline.web.house import house, now
from helpline.web.limits import address_of
from helpline.web.wording import language

helping = Blueprint("helping", __name__)

_ANSWERS: Final = {"can": service.can, "cannot": service.cannot}


@helping.get("/h/<token>")
@open_to(Role.NOBODY)
def show(token: str) -> ResponseReturnValue:
    """What is needed, and two buttons; opening it says nothing to anybody."""
    with house().database.reading() as reading:
        found = _wanted(reading, token)
    if found is None:
        return render_template("link/over.html"), 410
    words = house().rules.config.requests
    return render_template(
        "link/help.html",
        found=found,
        token=token,
        form=Form(),
        category=words.category(found.category, language()) if found.category else None,
        urgency=words.urgency(found.urgency, language()) if found.urgency else None,
        zone=ZoneInfo(found.timezone or HOME_ZONE),
        to_request=_to_request(found),
    )


@helping.post("/h/<token>/<answer>")
@open_to(Role.NOBODY)
def say(token: str, answer: str) -> ResponseReturnValue:
    """They can, or cannot; said twice it is said once."""
    if answer not in _ANSWERS or not Form().validate():
        abort(400)
    with house().database.unit_of_work() as writing:
        found = _wanted(writing, token)
        if found is not None:
            _ANSWERS[answer](writing, found.question_id, now())
    return redirect(url_for("helping.show", token=token))


def _wanted(session: Session, token: str) -> Wanted | None:
    """What this link is about; a guess counts against the address it comes from."""
    if not house().limits.allows(address_of(request), "help-link"):
        abort(429)
    question_id = request_links.asked_to_help(house().secrets, token)
    return None if question_id is None else service.wanted(session, question_id, now())


def _to_request(found: Wanted) -> str | None:
    """Where they ring the neighbour, once they have the request and are signed in."""
    if not found.is_theirs:
        return None
    return url_for("requests.show", group_id=found.found_in, request_id=found.request_id)
