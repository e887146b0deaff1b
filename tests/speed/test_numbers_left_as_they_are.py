"""Numbers that callers have are not parsed where parsing would leave them as they are."""

import pytest

from helpline.phone_numbers import NotAPhoneNumber, caller_id, parse


def parsed(raw: str) -> str | None:
    """What the numbering plan makes of it."""
    try:
        return parse(raw).e164
    except NotAPhoneNumber:
        return None


@pytest.mark.parametrize("prefix", ["+441632960", "+447700900"])
def test_the_short_way_gives_what_parsing_gives(prefix: str) -> None:
    for n in range(0, 1000, 7):
        assert caller_id(f"{prefix}{n:03}") == parsed(f"{prefix}{n:03}")


@pytest.mark.parametrize(
    "raw",
    [
        "+4401632960123",  # the national 0 left in
        "+44163296012",  # a digit too few
        "+4416329601234",  # a digit too many
        "+441632960123x",
        "+441632960123\n",
        "441632960123",
        "01632 960123",
        "+44",
    ],
)
def test_whatever_else_looks_like_one_is_parsed(raw: str) -> None:
    assert caller_id(raw) == parsed(raw)
