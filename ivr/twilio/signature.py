"""Proves that a webhook comes from the phone network; whatever cannot be proven is refused."""

from collections.abc import Iterator, Sequence
from hmac import compare_digest
from typing import Final, Protocol

from twilio.request_validator import HMAC_SHA256, RequestValidator, get_signature_algorithm

# Which signature a webhook bears. Without it: the account's token, SHA-1.
SETTINGS_HEADER: Final = "X-Twilio-Webhooks-Signature-Settings"


class Form(Protocol):
    """The fields of a form by name, and all values of one."""

    def __iter__(self) -> Iterator[str]: ...

    def __contains__(self, key: object, /) -> bool: ...

    def getlist(self, key: str, /) -> list[str]:
        """The values of the field of this name."""
        ...


class _Validator(RequestValidator):
    """Twilio's own, told how our forms are read: it finds out anew for each of thirty fields."""

    def get_values(self, param_dict: Form, param_name: str) -> list[str]:
        return param_dict.getlist(param_name)


def _validators(secrets: Sequence[str]) -> list[RequestValidator]:
    return [_Validator(secret) for secret in secrets]  # type: ignore[no-untyped-call]


class Signatures:
    """Checks webhooks that were sent to `public_base_url`, signed with one of these secrets.

    `shared_keys` sign with SHA-256 (twilio.com/docs/usage/webhooks/webhook-shared-keys); without
    any, nothing that claims to be signed so is believed.
    """

    def __init__(
        self, public_base_url: str, auth_tokens: Sequence[str], shared_keys: Sequence[str] = ()
    ) -> None:
        self._base = public_base_url
        self._validators = _validators(auth_tokens)
        self._shared = _validators(shared_keys)

    def is_good(
        self,
        path: str,
        query: bytes,
        form: Form,
        signature: str | None,
        settings: str | None = None,
    ) -> bool:
        """Whether Twilio signed this request: its path below the base, raw query and form.

        `settings` is what SETTINGS_HEADER says.
        """
        # The validator raises on a missing one, and on a field without a name.
        if not signature or None in form:
            return False
        # The query as it came over the wire: Flask's request.url unquotes it, and then a good
        # signature fails.
        url = f"{self._base}{path}" + (f"?{query.decode('latin-1')}" if query else "")
        if not settings:
            return any(self._signed(each, url, form, signature) for each in self._validators)
        algorithm = get_signature_algorithm(settings)
        return algorithm == HMAC_SHA256 and any(
            self._signed(each, url, form, signature, algorithm) for each in self._shared
        )

    @staticmethod
    def _signed(
        validator: RequestValidator,
        url: str,
        form: Form,
        signature: str,
        algorithm: str | None = None,
    ) -> bool:
        # The validator signs every address twice, with a port and without, and a caller waits: the
        # address as it stands is nearly always what was signed.
        as_it_stands = validator.compute_signature(url, form, algorithm)
        return compare_digest(as_it_stands.encode(), signature.encode()) or bool(
            validator.validate(url, form, signature, algorithm)
        )
