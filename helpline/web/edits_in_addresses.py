"""Edits of a rota in an address, so that what they would change can be looked at again: Back works.

They hold ids, dates and times, never anything of a caller's.
"""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, Final

from flask import abort, request, url_for

from helpline import rota_edits
from helpline.rota_edits import Edit

# The most that a form may carry of edits: a whole week of a big group takes a tenth of it.
LONGEST: Final = 100_000
# Servers refuse addresses of more than 4,000 letters or so.
_LONGEST_ADDRESS: Final = 3_000


def address_of(endpoint: str, edits: Sequence[Edit], **known: Any) -> str | None:
    """The address of a page that looks at these edits; None where it would be too long."""
    if len(rota_edits.dump_edits(edits)) > LONGEST:
        # However short it is once packed, nobody would unpack it.
        return None
    said = {name: None if each == "" else each for name, each in known.items()}
    address = url_for(endpoint, edits=packed(edits), **said)
    return address if len(address) <= _LONGEST_ADDRESS else None


def packed(edits: Sequence[Edit]) -> str:
    """Edits as an address carries them."""
    return urlsafe_b64encode(zlib.compress(rota_edits.dump_edits(edits).encode(), 9)).decode()


def edits_of_address() -> tuple[Edit, ...]:
    """The edits in the address that is asked for. 400 where they are none."""
    try:
        opened = zlib.decompressobj()
        said = opened.decompress(urlsafe_b64decode(request.args.get("edits", "")), LONGEST)
        if opened.unconsumed_tail:
            abort(400)
        return rota_edits.load_edits(said.decode())
    except (ValueError, zlib.error, RecursionError):
        abort(400)
