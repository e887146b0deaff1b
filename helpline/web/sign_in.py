"""Signing in: a name, then the code that came to that person's own telephone; or a link."""

import time
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from helpline.signing_in import codes as service
from helpline.signing_in import visits
from helpline.web.access import Role, asker, known_browser, let_in, let_out, maybe_asker, open_to
from helpline.web.forms import Form, one_line
from helpline.web.house import house, now
from helpline.web.limits import OWN_CODES, address_of

sign_in = Blueprint("sign_in", __name__)

# What is remembered between the two pages, in the browser's own sealed cookie.
_NAME, _NEXT = "signing_in_as", "next"
_LONGEST_NEXT = 1_000
# To look for somebody and to promise their code takes some ten milliseconds. The answer comes no
# sooner than this: whoever measures it does not learn who is on record. A caller may have to wait
# for this process meanwhile, so it is no longer than that takes.
ANSWERS_AFTER_SECONDS: Final = 0.025


class NameForm(Form):
    """Who wants to sign in."""

    name = StringField(
        lazy_gettext("Your name, or your telephone number"),
        [InputRequired(lazy_gettext("Please write your name.")), Length(max=80)],
        filters=[one_line],
        render_kw={"autocomplete": "username", "autofocus": True},
    )


class CodeForm(Form):
    """The six digits."""

    code = StringField(
        lazy_gettext("The code"),
        [InputRequired(lazy_gettext("Please write the six digits.")), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True},
    )


@sign_in.route("/sign-in", methods=["GET", "POST"])
@open_to(Role.NOBODY)
def ask() -> ResponseReturnValue:
    """Ask for a name, and send a code; the answer is the same whoever it is."""
    if request.method == "GET" and maybe_asker() is not None:
        return redirect(home())
    form = NameForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("sign_in/ask.html", form=form), status
    if not house().limits.allows(address_of(request), "sign-in"):
        abort(429)
    began = time.monotonic()
    with house().database.unit_of_work() as writing:
        service.ask(writing, house().rules, form.name.data, now(), _known())
    session[_NAME] = form.name.data
    wanted = request.args.get("next", "")
    session[_NEXT] = wanted if _is_ours(wanted) else ""
    time.sleep(max(0.0, began + ANSWERS_AFTER_SECONDS - time.monotonic()))
    return redirect(url_for("sign_in.code"))


@sign_in.route("/sign-in/code", methods=["GET", "POST"])
@open_to(Role.NOBODY)
def code() -> ResponseReturnValue:
    """Ask for the code."""
    if _NAME not in session:
        return redirect(home() if maybe_asker() else url_for("sign_in.ask"))
    form = CodeForm()
    if form.validate_on_submit():
        if not house().limits.allows(address_of(request), "code"):
            abort(429)
        with house().database.unit_of_work() as writing:
            found = service.check(
                writing, house().secrets, session[_NAME], form.code.data, now(), known_browser()[1]
            )
            wanted = session.get(_NEXT, "")
            if found is not None:
                let_in(writing, found)
        if found is not None:
            return _on_to(wanted)
        form.code.errors = [
            gettext("That is not the code, or it is too old. After five tries, ask for another.")
        ]
    status = 422 if form.is_submitted() else 200
    return render_template("sign_in/code.html", form=form, name=session[_NAME]), status


@sign_in.route("/sign-in/link/<token>", methods=["GET", "POST"])
@open_to(Role.NOBODY)
def link(token: str) -> ResponseReturnValue:
    """A one-time link. Opening it does nothing yet: some programs open links by themselves."""
    if not house().limits.allows(address_of(request), "link"):
        abort(429)
    form = Form()
    if form.validate_on_submit():
        with house().database.unit_of_work() as writing:
            found = service.use_link(writing, house().secrets, token, now())
            wanted = session.get(_NEXT, "")
            if found is not None:
                let_in(writing, found)
        return _on_to(wanted) if found is not None else abort(410)
    with house().database.reading() as reading:
        if not service.link_is_good(reading, house().secrets, token, now()):
            abort(410)
    return render_template("sign_in/link.html", form=form)


@sign_in.post("/sign-out")
@open_to(Role.NOBODY)
def out() -> ResponseReturnValue:
    """Sign this browser out."""
    visitor = maybe_asker()
    if visitor is not None:
        with house().database.unit_of_work() as writing:
            visits.end(writing, visitor.visit_id, visitor.volunteer_id, now())
    let_out()
    return redirect(url_for("sign_in.ask"))


def _known() -> int | None:
    """Whose browser this was before, while it does not ask for more codes than anybody needs."""
    mark, volunteer_id = known_browser()
    allows = mark is not None and house().limits.allows(mark, "known-browser", OWN_CODES)
    return volunteer_id if allows else None


def _on_to(wanted: str) -> ResponseReturnValue:
    if maybe_asker() is None:
        abort(410)
    return redirect(wanted or home())


def _is_ours(wanted: str) -> bool:
    """Only a path of our own: nobody is led elsewhere by a link to the sign-in page."""
    # A longer one does not fit into a cookie beside the rest.
    if len(wanted) > _LONGEST_NEXT or not wanted.isprintable():
        return False
    try:
        split = urlsplit(wanted)
    except ValueError:
        return False
    is_path = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return is_path and not split.scheme and not split.netloc


def home() -> str:
    """Where somebody begins: a coordinator at Today, a volunteer at their own shifts."""
    running = [group for group in asker().groups.values() if group.coordinator]
    if len(running) > 1:
        return url_for("groups.choose")
    if running:
        return url_for("today.show", group_id=running[0].id)
    return url_for("mine.home")
