"""X-Twilio-Signature, written from its public description.

Source: Twilio's docs, "Webhooks security": HMAC-SHA1 with the auth token over the full URL and,
for a form, every key and value, sorted by key, with nothing in between. "Sign webhooks with shared
keys": the same with another key and SHA-256, and a header that says so.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

SHARED_KEY_SETTINGS = "key=webhooks_sharedkey_pretend,algorithm=HMAC_SHA256"


def signature(
    url: str, form: Mapping[str, str], token: str, algorithm: Callable[..., Any] = hashlib.sha1
) -> str:
    """The header's value. `url` as `signed_url` gives it; `form` empty for GET."""
    text = url + "".join(key + form[key] for key in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), algorithm)).decode()


def signature_headers(
    url: str, form: Mapping[str, str], token: str, shared_key: str | None
) -> dict[str, str]:
    """The headers that prove who sends a webhook: by the shared key, where there is one."""
    if shared_key is None:
        return {"X-Twilio-Signature": signature(url, form, token)}
    return {
        "X-Twilio-Signature": signature(url, form, shared_key, hashlib.sha256),
        "X-Twilio-Webhooks-Signature-Settings": SHARED_KEY_SETTINGS,
    }


def signed_url(url: str, *, voice: bool) -> str:
    """The URL as it is signed: no fragment, no user and password, and no port for voice on https.

    (Voice over https drops the port, messaging keeps it; http always keeps it.)
    """
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    if voice and parts.scheme == "https":
        place = parts.hostname or place
    return urlunsplit((parts.scheme, place, parts.path, parts.query, ""))
