"""Which part of the menu a page belongs to: whoever looks at it sees where they are."""

from typing import Final

from flask import request

_REQUESTS: Final = (
    "request_changes",
    "cards",
    "recordings",
    "ringing_through",
    "matching",
    "kept_aside",
)
_PART_OF: Final = {
    "spreadsheets": "rota",
    "people_changes": "people",
    "people_joining": "people",
    "my_leave": "mine",
    "calendars": "mine",
    **dict.fromkeys(_REQUESTS, "requests"),
}


def current(endpoint: str) -> str:
    """What the menu's entry for this endpoint says as `aria-current`: "page", "true" or nothing."""
    if request.endpoint == endpoint:
        return "page"
    return "true" if endpoint.partition(".")[0] == _section() else ""


def _section() -> str:
    blueprint = request.blueprint or ""
    if blueprint == "erasing":
        # What is known of a volunteer, or of the caller of a request.
        return "people" if "volunteer_id" in (request.view_args or {}) else "requests"
    return _PART_OF.get(blueprint, blueprint)
