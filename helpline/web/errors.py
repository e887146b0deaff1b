"""When a page cannot be shown: why, in a sentence, and where to go from there."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from helpline.web.access import find_out_who_asks, maybe_asker

log = logging.getLogger(__name__)

_SAID = {
    400: lazy_gettext("This form could not be understood. Nothing was changed."),
    401: lazy_gettext("You are not signed in any more. Nothing was changed."),
    403: lazy_gettext("This page is for the coordinators of this group."),
    404: lazy_gettext("There is no such page, or it is not yours to see."),
    405: lazy_gettext("That cannot be done here. Nothing was changed."),
    409: lazy_gettext("Somebody else has changed this meanwhile. Nothing was changed."),
    410: lazy_gettext("This link has been used, or is too old."),
    413: lazy_gettext("That is too big. Nothing was changed."),
    415: lazy_gettext("That is not a file of this kind. Nothing was changed."),
    429: lazy_gettext("That was tried too often. Please wait a few minutes."),
    500: lazy_gettext("Something is wrong at our end. It is written down; nothing was changed."),
    503: lazy_gettext("The helpline's database does not answer. Please try again in a minute."),
}
_TOO_OFTEN: Final = 429
_REFUSALS: Final = frozenset({400, 401, 403, 404, _TOO_OFTEN})
# In seconds. Most is counted by the minute.
_AGAIN_AFTER: Final = "60"


def speak_of_errors(
    app: Flask, blueprints: frozenset[str], sealed: Callable[[Response], Response]
) -> None:
    """Answer what goes wrong in these blueprints, and at addresses of nobody's, with a page.

    `sealed` is what each answer goes through; at nobody's address nothing else sees to it.
    """

    @app.errorhandler(HTTPException)
    def wrong(error: HTTPException) -> Response | HTTPException:
        if request.blueprint is not None and request.blueprint not in blueprints:
            return error
        if request.blueprint is None:
            # Nobody's address: nobody has looked yet whose window this is, and it may be lost.
            with suppress(SQLAlchemyError):
                find_out_who_asks()
        if isinstance(error, CSRFError):
            return page(
                400,
                gettext(
                    "This form is too old, or came from somewhere else. Nothing was changed. "
                    "Please go back, load the page again, and try once more."
                ),
            )
        return error if (error.code or 500) < 400 else sealed(page(error.code or 500))

    for kind in (OperationalError, InterfaceError, NoConnectionFree):
        for name in blueprints:
            app.error_handler_spec[name][None][kind] = _no_database
    # A number or a day that no database can hold, words with a NUL in them, a list in a list in a
    # list: nobody types these, and no form of ours asks for them.
    for odd in (DataError, OverflowError, RecursionError):
        for name in blueprints:
            app.error_handler_spec[name][None][odd] = _not_understood
    for name in blueprints:
        app.error_handler_spec[name][None][Exception] = _unexpected


def page(status: int, why: str | None = None) -> Response:
    """A page that says what is wrong."""
    said = why or str(_SAID.get(status, _SAID[500 if status >= 500 else 400]))
    if status in _REFUSALS:
        _write_down(status)
    answer = make_response(render_template("error.html", status=status, said=said), status)
    if status == _TOO_OFTEN:
        answer.headers["Retry-After"] = _AGAIN_AFTER
    return answer


def _write_down(status: int) -> None:
    """Who was refused what, by ids alone: an address may hold a name, or somebody's secret."""
    visitor = maybe_asker()
    if request.endpoint is None and visitor is None:
        # Strangers try addresses of others' programs all day; the proxy in front has them.
        return
    ids = {name: row for name, row in (request.view_args or {}).items() if isinstance(row, int)}
    if visitor is not None:
        ids |= {"visit": visitor.visit_id, "visitor": visitor.volunteer_id}
    said = "".join(f" {name}={row}" for name, row in ids.items())
    log.warning("refused: %s %s %s%s", status, request.method, request.endpoint or "-", said)


def _no_database(problem: Exception) -> Response:
    log.warning("a page found no database: %s", type(problem).__name__)
    return page(503)


def _not_understood(problem: Exception) -> Response:
    log.warning("page %s understood nothing: %s", request.endpoint, type(problem).__name__)
    return page(400)


def _unexpected(problem: Exception) -> Response | HTTPException:
    if isinstance(problem, HTTPException):
        return page(problem.code or 500)
    # Without its words: they may hold what a caller said.
    where = problem.__traceback__
    places = []
    while where is not None:
        code = where.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{where.tb_lineno}")
        where = where.tb_next
    log.error("page %s failed: %s at %s", request.endpoint, type(problem).__name__, places[-6:])
    return page(500)
