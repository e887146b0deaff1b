"""Connection overrides: the `#rc=2&rp=5xx` at the end of a webhook's URL.

Source: Twilio's docs, "Webhooks connection overrides". They are never sent nor signed. By default
there is one retry, and only if the connection could not be made.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urldefrag

POLICIES = {"4xx", "5xx", "ct", "rt", "all"}


@dataclass(frozen=True, slots=True)
class Overrides:
    """Limits in seconds; `policies` say what is tried again, up to `retries` times."""

    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 15.0
    retries: int = 1
    policies: frozenset[str] = frozenset({"ct"})

    def retries_on(self, *, status: int | None, connected: bool) -> bool:
        """Whether an attempt that ended so is made again; `status` None: no answer came."""
        if "all" in self.policies and (status is None or status >= 400):
            return True
        if status is None:
            return ("rt" if connected else "ct") in self.policies
        return f"{status // 100}xx" in self.policies


def split_overrides(url: str) -> tuple[str, Overrides]:
    """The URL without its fragment, and what the fragment asks for (odd values are ignored)."""
    bare, fragment = urldefrag(url)
    if not fragment:
        return bare, Overrides()
    asked = dict(parse_qsl(fragment))
    policies = frozenset(asked.get("rp", "ct").split(",")) & POLICIES
    return bare, Overrides(
        connect_seconds=_number(asked.get("ct"), 100, 10_000, 5_000) / 1000,
        read_seconds=_number(asked.get("rt"), 100, 15_000, 15_000) / 1000,
        total_seconds=_number(asked.get("tt"), 100, 15_000, 15_000) / 1000,
        retries=_number(asked.get("rc"), 0, 5, 1),
        policies=policies or frozenset({"ct"}),
    )


def _number(text: str | None, least: int, most: int, default: int) -> int:
    if text is None or not text.isdecimal() or not least <= int(text) <= most:
        return default
    return int(text)
