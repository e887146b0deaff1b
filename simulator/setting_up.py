"""Numbers and phones from a file, so that a served network begins with somebody on it.

{"numbers": [{"number": "+441632960000", "voice_url": "http://127.0.0.1:8000/calls/incoming"}],
 "phones": [{"number": "+441632960101", "kind": "landline", "name": "Edna"}]}
"""

from __future__ import annotations

from typing import Any

from simulator.network import Network

NUMBER_KEYS = {
    "voice_url": "voice",
    "voice_fallback_url": "voice_fallback",
    "sms_url": "sms",
    "sms_fallback_url": "sms_fallback",
    "status_callback": "status_callback",
    "name": "name",
}
PHONE_KEYS = {"number", "kind", "name", "behaviour"}
BEHAVIOURS = {"waits", "picks_up", "machine", "busy", "no_answer", "declines", "dead"}


class SetUpError(Exception):
    """The file says something this network does not understand."""


def set_up(network: Network, wanted: Any) -> None:
    """Add the numbers and phones. Raises SetUpError, before anything is added, with the place."""
    if not isinstance(wanted, dict):
        raise SetUpError("the file must hold an object with 'numbers' and 'phones'")
    numbers = _entries(wanted, "numbers", {"number", *NUMBER_KEYS})
    phones = _entries(wanted, "phones", PHONE_KEYS)
    for place, phone in enumerate(phones, 1):
        if phone.get("kind", "mobile") not in {"landline", "mobile"}:
            raise SetUpError(f"phones, entry {place}: 'kind' is landline or mobile")
        if phone.get("behaviour", "waits") not in BEHAVIOURS:
            raise SetUpError(f"phones, entry {place}: 'behaviour' is one of {sorted(BEHAVIOURS)}")
    for entry in numbers:
        hooks: dict[str, Any] = {NUMBER_KEYS[k]: v for k, v in entry.items() if k in NUMBER_KEYS}
        network.add_number(entry["number"], **hooks)
    for entry in phones:
        kind: Any = entry.get("kind", "mobile")
        behaviour: Any = entry.get("behaviour", "waits")
        network.phone(entry["number"], kind, entry.get("name", "")).behaves(behaviour)


def _entries(wanted: dict[str, Any], name: str, keys: set[str]) -> list[dict[str, str]]:
    entries = wanted.get(name, [])
    if not isinstance(entries, list):
        raise SetUpError(f"{name}: must be a list")
    for place, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or not str(entry.get("number", "")).startswith("+"):
            raise SetUpError(f"{name}, entry {place}: needs a 'number' such as +441632960000")
        unknown = set(entry) - keys
        if unknown or not all(isinstance(value, str) for value in entry.values()):
            odd = ", ".join(sorted(unknown)) or "a value that is not text"
            raise SetUpError(f"{name}, entry {place}: does not understand {odd}")
    return entries
