"""How REST says no: Twilio's error codes, as JSON.

Sources: Twilio's error pages for 20003, 20404, 20429, 21211, 21212, 21214, 21610, 21614 and the
table of magic numbers; the other texts are general knowledge and may differ from Twilio's.
"""

from __future__ import annotations

from typing import NoReturn


class RestError(Exception):
    """An answer with an error status; `code` is Twilio's."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status

    def as_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def refuse(code: int, message: str, status: int = 400) -> NoReturn:
    raise RestError(code, message, status)


def not_found(path: str) -> RestError:
    return RestError(20404, f"The requested resource {path} was not found", 404)


UNAUTHORISED = RestError(20003, "Authenticate", 401)
TOO_MANY = RestError(20429, "Too Many Requests", 429)
BROKEN = RestError(20500, "Internal Server Error", 500)
