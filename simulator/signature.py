"""X-Twilio-Signature, written from its public description.

Source: Twilio's docs, "Webhooks security": HMAC-SHA1 with the auth token over the full URL and,
for a form, every key and value, sorted by key, with nothing in between.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit


def signature(url: str, form: Mapping[str, str], token: str) -> str:
    """The header's value. `url` as `signed_url` gives it; `form` empty for GET."""
    text = url + "".join(key + form[key] for key in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1)).decode()


def signed_url(url: str, *, voice: bool) -> str:
    """The URL as it is signed: no fragment, no user and password, and no port for voice on https.

    (Voice over https drops the port, messaging keeps it; http always keeps it.)
    """
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    if voice and parts.scheme == "https":
        place = parts.hostname or place
    return urlunsplit((parts.scheme, place, parts.path, parts.query, ""))
