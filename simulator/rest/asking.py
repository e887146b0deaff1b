"""Reading what a REST request asks: its fields, its filters and the page it wants."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import current_app, request

from simulator.network import Network
from simulator.records import NO_HOOK, Hook
from simulator.rest.errors import refuse

T = TypeVar("T")
MOST_ON_A_PAGE = 1000  # documented, as the usual 50
USUAL_PAGE = 50


def the_network() -> Network:
    """The network that this application serves."""
    network = current_app.extensions["network"]
    assert isinstance(network, Network)  # noqa: S101 - put there by create_rest_app
    return network


def account_path() -> str:
    """The path of the account, the start of every `uri`."""
    return f"/2010-04-01/Accounts/{the_network().account_sid}"


def known_fields(names: str, without_effect: str = "") -> None:
    """Warn of fields that this resource does not know, or that have no effect here."""
    known = set(names.split())
    for name in request.form:
        if name in without_effect.split():
            message = f"{name} has no effect on this network."
        elif name not in known:
            message = f"{name} is not a field of {request.path}."
        else:
            continue
        the_network().complain(20001, message, "", request.path, warning=True)


def text(name: str, default: str = "") -> str:
    return request.form.get(name, default)


def number_field(name: str) -> str:
    """A phone number without the spaces people write."""
    return re.sub(r"[\s().-]", "", text(name))


def whole(name: str, default: int, least: int, most: int) -> int:
    """A whole number within limits; refused (20001) otherwise."""
    value = text(name)
    if not value:
        return default
    if not value.isdecimal() or not least <= int(value) <= most:
        refuse(20001, f"{name} must be a whole number from {least} to {most}")
    return int(value)


def flag(name: str, default: bool = False) -> bool:
    value = text(name)
    return default if not value else value.lower() == "true"


def hook(url: str, method: str, code: int = 21609) -> Hook:
    """A URL field and its method; refused with `code` if it is no URL."""
    value = text(url)
    if not value:
        return NO_HOOK
    if re.match(r"https?://[^/_]+(/|$|\?|#)", value) is None:
        refuse(code, f"{url} is not a valid URL: {value}")
    return Hook(value, (text(method) or "POST").upper())


def answer_page(
    name: str, path: str, items: Sequence[T], shape: Callable[[T], dict[str, Any]]
) -> dict[str, Any]:
    """One page of a list, with the addresses of its neighbours."""
    try:
        size = min(MOST_ON_A_PAGE, max(1, int(request.args.get("PageSize", USUAL_PAGE))))
        page = max(0, int(request.args.get("Page", 0)))
    except ValueError:
        refuse(20001, "Page and PageSize must be whole numbers")
    begin = page * size
    shown = items[begin : begin + size]

    def address(number: int) -> str:
        kept = [(k, v) for k, v in request.args.items(multi=True) if k not in {"Page", "PageSize"}]
        return f"{path}?{urlencode([('PageSize', size), ('Page', number), *kept])}"

    return {
        name: [shape(item) for item in shown],
        "page": page,
        "page_size": size,
        "start": begin,
        "end": begin + max(0, len(shown) - 1),
        "uri": address(page),
        "first_page_uri": address(0),
        "next_page_uri": address(page + 1) if begin + size < len(items) else None,
        "previous_page_uri": address(page - 1) if page else None,
    }


def having(items: Iterable[T], **fields: Callable[[T], str | None]) -> list[T]:
    """Those whose fields are what the question wants of them (`To`, `Status` …), if it does."""
    wanted = [(of, request.args[name]) for name, of in fields.items() if request.args.get(name)]
    return [item for item in items if all(of(item) == value for of, value in wanted)]


def happening(items: Iterable[T], **moments: Callable[[T], datetime | None]) -> list[T]:
    """Those whose moments fit the filters `Name`, `Name<` and `Name>`, which are inclusive."""
    wanted = [
        (of, sign, *_span(request.args[name + sign]))
        for name, of in moments.items()
        for sign in ("", "<", ">")
        if name + sign in request.args
    ]
    return [
        item
        for item in items
        if all(_fits(of(item), sign, begin, end) for of, sign, begin, end in wanted)
    ]


def _fits(at: datetime | None, sign: str, begin: datetime, end: datetime) -> bool:
    if at is None:
        return False
    return {"": begin <= at < end, "<": at < end, ">": at >= begin}[sign]


def _span(wanted: str) -> tuple[datetime, datetime]:
    try:
        begin = datetime.fromisoformat(wanted.replace("Z", "+00:00"))
    except ValueError:
        refuse(20001, f"{wanted!r} is not a date")
    begin = begin.replace(tzinfo=UTC) if begin.tzinfo is None else begin.astimezone(UTC)
    # The twilio client writes a date as its midnight, so a midnight means the whole day.
    day = begin.time() == time(0)
    return begin, begin + (timedelta(days=1) if day else timedelta(seconds=1))
