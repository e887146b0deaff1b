"""The pages, put together: each module's blueprint, and what holds for all of them."""

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, request

from helpline import doors
from helpline.web import access, errors, look, sections, sure, wording
from helpline.web.audit_page import audit
from helpline.web.blocks import blocks
from helpline.web.calendars import calendars
from helpline.web.cards import cards
from helpline.web.erasing import erasing
from helpline.web.figures import figures
from helpline.web.front import front
from helpline.web.groups import groups
from helpline.web.helping import helping
from helpline.web.house import PagesHouse
from helpline.web.house import now as house_now
from helpline.web.kept import kept
from helpline.web.kept_aside import kept_aside
from helpline.web.link import link
from helpline.web.look import look as look_files
from helpline.web.matching import matching
from helpline.web.mine import mine
from helpline.web.my_leave import my_leave
from helpline.web.people import people
from helpline.web.people_changes import people_changes
from helpline.web.people_joining import people_joining
from helpline.web.recordings import recordings
from helpline.web.request_changes import request_changes
from helpline.web.requests import requests
from helpline.web.ringing_through import ringing_through
from helpline.web.rota_pages import rota_pages
from helpline.web.sessions import Sessions
from helpline.web.sign_in import sign_in
from helpline.web.spreadsheets import spreadsheets
from helpline.web.today import today
from helpline.web.visits import visits
from helpline.web.words_page import words

# Every page there is, one module each.
PAGES: Final[tuple[Blueprint, ...]] = (
    look_files,
    sign_in,
    visits,
    groups,
    mine,
    my_leave,
    calendars,
    rota_pages,
    spreadsheets,
    today,
    figures,
    requests,
    request_changes,
    recordings,
    ringing_through,
    cards,
    erasing,
    kept,
    link,
    matching,
    helping,
    people,
    people_joining,
    people_changes,
    blocks,
    kept_aside,
    audit,
    words,
)
# Nothing from elsewhere, nothing inline, no frame around it. Bootstrap's style has its small
# pictures as data: in it.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# The longest form is a spreadsheet.
_MOST_BYTES: Final = 2_000_000


def open_pages(app: Flask, house: PagesHouse) -> None:
    """Answer for every page in this application."""
    ours = urlsplit(house.base_url)
    secure = ours.scheme == "https"
    app.config.update(
        SESSION_COOKIE_NAME=_cookie(secure=secure, alone=not ours.path),
        SESSION_COOKIE_PATH=ours.path or "/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=31),
        WTF_CSRF_CHECK_DEFAULT=False,  # asked for by `access`, for the pages alone
        WTF_CSRF_TIME_LIMIT=None,  # a form may lie open over supper
        WTF_CSRF_SSL_STRICT=secure,
    )
    app.session_interface = Sessions()
    house.open_in(app)
    if sign_in.name in app.blueprints:
        return
    access.csrf.init_app(app)
    wording.speak_in(app)
    app.jinja_env.globals.update(
        address=look.address,
        current=sections.current,
        is_coordinator=access.is_coordinator,
        maybe_asker=access.maybe_asker,
        now=house_now,
    )
    names = frozenset(page.name for page in PAGES)
    for page in PAGES:
        app.register_blueprint(page)
    access.guard(app, names)
    sure.guard(app, names)
    sealed = _Sealed(secure)
    errors.speak_of_errors(app, names, sealed)
    for name in names:
        app.before_request_funcs[name][:0] = [_enter, _only_so_big]
        app.after_request_funcs.setdefault(name, []).append(_leave)
    for name in (*names, front.name):
        app.after_request_funcs.setdefault(name, []).append(sealed)


def _cookie(*, secure: bool, alone: bool) -> str:
    """What our cookie is called: a browser takes such a name from nobody but this very host.

    `alone` is whether the host is ours from its root on. Plain http is for trying things out.
    """
    if not secure:
        return "helpline"
    return "__Host-helpline" if alone else "__Secure-helpline"


class _Sealed:
    """What every answer of a page says about itself."""

    def __init__(self, secure: bool) -> None:
        self._secure = secure

    def __call__(self, answer: Response) -> Response:
        for name, value in _HEADERS.items():
            answer.headers.setdefault(name, value)
        # What is on a page is nobody's but the reader's; not on a shared computer's disk either.
        answer.headers.setdefault("Cache-Control", "no-store")
        if self._secure:
            answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return answer


def _enter() -> None:
    """What is logged until the answer says at which page."""
    doors.enter("page", request.endpoint or "")


def _leave(answer: Response) -> Response:
    """Of pages no line is written: what matters of them is in the audit log."""
    doors.leave_quietly()
    return answer


def _only_so_big() -> None:
    request.max_content_length = _MOST_BYTES
