"""What stands in a text until a worker sends it: the table of texts holds no code and no link."""

from typing import Final

CODE: Final = "······"
LINK: Final = "(link)"
# What follows the address in a link: "/r/", and its secret.
_LINKS_END: Final = len("/r/") + 20


def as_long_as_sent(body: str, base_url: str) -> str:
    """The words of a text, with something as long as what is really sent: what that costs."""
    return body.replace(CODE, "0" * len(CODE)).replace(LINK, base_url + "x" * _LINKS_END)
