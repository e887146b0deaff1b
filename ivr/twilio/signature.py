"""Proves that a webhook comes from the phone network; whatever cannot be proven is refused."""

from collections.abc import Mapping, Sequence
from hmac import compare_digest
from typing import Any

from twilio.request_validator import RequestValidator


class Signatures:
    """Checks webhooks that were sent to `public_base_url`, signed with one of these tokens."""

    def __init__(self, public_base_url: str, auth_tokens: Sequence[str]) -> None:
        self._base = public_base_url
        self._validators = [RequestValidator(token) for token in auth_tokens]

    def is_good(
        self, path: str, query: bytes, form: Mapping[str, Any], signature: str | None
    ) -> bool:
        """Whether Twilio signed this request: its path below the base, raw query and form."""
        if not signature:
            return False  # the validator raises on a missing one
        # The query as it came over the wire: Flask's request.url unquotes it, and then a good
        # signature fails.
        url = f"{self._base}{path}" + (f"?{query.decode('latin-1')}" if query else "")
        return any(self._signed(each, url, form, signature) for each in self._validators)

    @staticmethod
    def _signed(
        validator: RequestValidator, url: str, form: Mapping[str, Any], signature: str
    ) -> bool:
        # The validator signs every address twice, with a port and without, and a caller waits: the
        # address as it stands is nearly always what was signed.
        as_it_stands = validator.compute_signature(url, form)
        return compare_digest(as_it_stands.encode(), signature.encode()) or bool(
            validator.validate(url, form, signature)
        )
