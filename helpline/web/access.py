"""Who may open what: every page says for whom it is, and is asked before anything else runs."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from enum import IntEnum
from typing import Any, Final, TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.orm import Session

from helpline.signing_in import visits
from helpline.signing_in.visits import GroupOf, Visitor
from helpline.web.house import house, now

View = TypeVar("View", bound=Callable[..., Any])

_MARK: Final = "open_to"
_TOKEN: Final = "visit"  # noqa: S105 - the name under which a browser keeps its own
# Whose browser this was last: a mark of its own, and the id of the volunteer.
_KNOWN: Final = "known"
# When somebody has last shown who they are; what matters most asks for it (`helpline.web.sure`).
SURE_AT: Final = "sure_at"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

csrf = CSRFProtect()


class Role(IntEnum):
    """For whom a page is; in a group, who they are in that very group."""

    NOBODY = 0  # anybody may open it
    VOLUNTEER = 1
    COORDINATOR = 2


def open_to(role: Role) -> Callable[[View], View]:
    """Mark a view with the least that somebody must be to open it."""

    def mark(view: View) -> View:
        setattr(view, _MARK, role)
        return view

    return mark


class UnmarkedPage(Exception):
    """A page does not say for whom it is: mark it with `open_to`."""


def guard(app: Flask, blueprints: frozenset[str]) -> None:
    """Ask, before each page of these blueprints, whether whoever asks may open it.

    Raises UnmarkedPage for a view that does not say for whom it is.
    """
    for endpoint, view in app.view_functions.items():
        if endpoint.partition(".")[0] in blueprints and not hasattr(view, _MARK):
            raise UnmarkedPage(f"{endpoint}: mark it with @open_to(Role.…)")
    for name in blueprints:
        # For the pages alone: the telephone's webhooks pay nothing for it.
        app.before_request_funcs.setdefault(name, []).append(_may_open)


def _may_open() -> ResponseReturnValue | None:
    needed = cast(Role, getattr(_view(), _MARK))
    if needed is not Role.NOBODY and _asks_too_often():
        abort(429)
    find_out_who_asks()
    visitor = cast(Visitor | None, g.visitor)
    if needed is not Role.NOBODY:
        if visitor is None:
            return _to_sign_in()
        group_id = (request.view_args or {}).get("group_id")
        if group_id is not None:
            g.group = visitor.groups.get(group_id)
            if g.group is None:
                # Whether such a group exists is no business of a stranger's.
                abort(404)
            if needed is Role.COORDINATOR and not g.group.coordinator:
                abort(403)
        elif needed is Role.COORDINATOR and not visitor.is_coordinator:
            abort(403)
    if request.method not in _SAFE:
        if None in request.form:
            # A part without a name: no browser sends it, and the search for the token stumbles.
            abort(400)
        csrf.protect()
    return None


def _view() -> Callable[..., Any]:
    return current_app.view_functions[request.endpoint or ""]


def find_out_who_asks() -> None:
    """Look up whose browser this is; for pages of ours it is done before anything else."""
    g.visitor = None
    token = session.get(_TOKEN)
    if token is None:
        return
    with house().database.reading() as reading:
        g.visitor = visits.visitor(reading, token, now())
    if g.visitor is None:
        session.pop(_TOKEN)
    elif not _asks_by_itself() and g.visitor.should_be_seen(now()):
        with house().database.unit_of_work() as writing:
            visits.seen(writing, g.visitor.visit_id, now())


def _asks_too_often() -> bool:
    """Whether this browser asks for more than anybody reads; before the database is asked."""
    token = session.get(_TOKEN)
    limits = house().page_limits
    return token is not None and not limits.allows(token, now(), by_itself=_asks_by_itself())


def _asks_by_itself() -> bool:
    """Whether a page that lies open asks, and nobody is there to be seen."""
    return bool(request.headers.get("X-Live"))


def _to_sign_in() -> ResponseReturnValue:
    if request.method not in _SAFE or _asks_by_itself():
        # What was typed is still in the browser, which goes back to it after signing in.
        abort(401)
    there = f"{request.script_root}{request.full_path}".rstrip("?")
    return redirect(url_for("sign_in.ask", next=there))


def asker() -> Visitor:
    """Who asks for this page. Only where somebody must be signed in."""
    return cast(Visitor, g.visitor)


def maybe_asker() -> Visitor | None:
    """Who asks for this page, if they are signed in."""
    return cast(Visitor | None, g.get("visitor"))


def group() -> GroupOf:
    """The group in the page's address, to which whoever asks belongs."""
    return cast(GroupOf, g.group)


def is_coordinator() -> bool:
    """Whether whoever asks runs the group in the page's address."""
    found = g.get("group")
    return bool(found and found.coordinator)


def is_for_coordinators() -> bool:
    """Whether the page that is asked for is for coordinators alone."""
    return bool(getattr(_view(), _MARK) is Role.COORDINATOR)


def be_volunteer() -> None:
    """On this page whoever asks is a volunteer of the group, though they may run it."""
    g.group = replace(group(), coordinator=False)


def let_in(writing: Session, volunteer_id: int) -> None:
    """Sign this browser in; whatever it was before, it begins anew.

    In the transaction that uses up the code or the link: neither is gone for nothing.
    """
    token = secrets.token_urlsafe(32)
    visits.begin(writing, volunteer_id, token, _browser(), now())
    visitor = visits.visitor(writing, token, now())
    session.clear()
    session.permanent = True
    session[_TOKEN] = token
    session[SURE_AT] = now().isoformat()
    session[_KNOWN] = [secrets.token_urlsafe(8), volunteer_id]
    g.visitor = visitor


def let_out() -> None:
    """Sign this browser out; that it was theirs is remembered, so that nobody locks them out."""
    known = session.get(_KNOWN)
    session.clear()
    if known is not None:
        session.permanent = True
        session[_KNOWN] = known
    g.visitor = None


def known_browser() -> tuple[str, int] | tuple[None, None]:
    """A mark of this browser's own, and the id of whoever was signed in with it last."""
    mark, volunteer_id = session.get(_KNOWN) or (None, None)
    return mark, volunteer_id


def _browser() -> str:
    """What the browser says it is, in a few words that its owner knows again."""
    said = request.headers.get("User-Agent", "")
    browsers = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrom": "Chrome"}
    machines = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows"}
    machines |= {"Mac OS": "Mac", "Linux": "Linux"}
    browser = next((name for mark, name in browsers.items() if mark in said), "")
    if not browser and "Safari" in said:
        browser = "Safari"
    machine = next((name for mark, name in machines.items() if mark in said), "")
    return ", ".join(each for each in (browser, machine) if each)
