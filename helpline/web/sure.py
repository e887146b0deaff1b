"""Asks once more who somebody is before what matters most: by a code, ten minutes after the last.

A browser may lie open in the village hall. What was sent is kept in the page that asks for the
code, and is done once the code is right: nothing has to be typed again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from flask import Flask, abort, current_app, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import StringField
from wtforms.validators import Optional

from helpline.signing_in import codes
from helpline.web.access import SURE_AT, asker, known_browser
from helpline.web.forms import Form
from helpline.web.house import house, now
from helpline.web.limits import OWN_CODES, address_of

View = TypeVar("View", bound=Callable[..., Any])

SURE_FOR: Final = timedelta(minutes=10)
_MARK: Final = "asks_again"
# No field of any other form is called this.
_CODE: Final = "code_again"
_OURS: Final = frozenset({_CODE, "csrf_token"})


class AgainForm(Form):
    """The six digits, beside what was sent before."""

    code_again = StringField(
        "", [Optional()], render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"}
    )


def asks_again(view: View) -> View:
    """Mark a view that is sent a form: it runs for somebody who has just shown who they are."""
    setattr(view, _MARK, True)
    return view


def guard(app: Flask, blueprints: frozenset[str]) -> None:
    """Ask again before each marked view of these blueprints; after `access` has asked who it is."""
    for name in blueprints:
        app.before_request_funcs.setdefault(name, []).append(_make_sure)


def _make_sure() -> ResponseReturnValue | None:
    view = current_app.view_functions[request.endpoint or ""]
    if not hasattr(view, _MARK) or request.method != "POST" or _is_sure():
        return None
    form = AgainForm()
    typed = form.code_again.data or ""
    if not typed:
        _send_code()
        return _page(form), 401
    if not house().limits.allows(address_of(request), "code"):
        abort(429)
    who = asker().volunteer_id
    with house().database.unit_of_work() as writing:
        is_right = codes.check_again(writing, house().secrets, who, typed, now())
    if not is_right:
        form.code_again.errors = [
            gettext("That is not the code, or it is too old. After five tries, ask for another.")
        ]
        return _page(form), 422
    session[SURE_AT] = now().isoformat()
    return None


def _is_sure() -> bool:
    said = session.get(SURE_AT)
    return said is not None and now() - datetime.fromisoformat(said) <= SURE_FOR


def _send_code() -> None:
    """To their own telephone; whoever presses too often waits for the one that was sent."""
    mark, _ = known_browser()
    if mark is not None and house().limits.allows(mark, "known-browser", OWN_CODES):
        with house().database.unit_of_work() as writing:
            codes.ask_again(writing, house().rules, asker().volunteer_id, now())


def _page(form: AgainForm) -> str:
    sent = [(name, said) for name, said in request.form.items(multi=True) if name not in _OURS]
    return render_template("sign_in/again.html", form=form, sent=sent)
