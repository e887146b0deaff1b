"""GET /: what somebody who finds this address in a browser ought to see: which number to ring."""

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Flask, Response, current_app, make_response, render_template
from sqlalchemy.exc import SQLAlchemyError

from helpline import phone_numbers, places
from helpline.database import Database
from helpline.rules import Rules

front = Blueprint("front", __name__)

_KEY = "helpline_front"
# The page needs nothing but itself: no script, no frame around it.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'"
)


@dataclass(frozen=True)
class FrontPage:
    """What the page tells: the lines, and whom to ring when we cannot be rung."""

    database: Database
    rules: Rules

    def open_in(self, app: Flask) -> None:
        """Answer / in this application."""
        app.extensions[_KEY] = self
        if front.name not in app.blueprints:
            app.register_blueprint(front)

    def lines(self) -> list[tuple[str, str, str]]:
        """Every line: its name, its number as people write it, and as a telephone dials it."""
        try:
            with self.database.reading() as session:
                found = places.lines(session)
        except SQLAlchemyError:
            return []
        return [(line.name, phone_numbers.national(line.number), line.number) for line in found]


@front.get("/")
def which_number() -> Response:
    """Whoever needs help should ring, not read."""
    page = cast(FrontPage, current_app.extensions[_KEY])
    config = page.rules.config
    answer = make_response(
        render_template(
            "front.html",
            lines=page.lines(),
            emergency_number=config.emergency_number,
            fallback_number=phone_numbers.national(config.fallback_number),
            fallback_dialled=config.fallback_number,
        )
    )
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
