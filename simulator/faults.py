"""Faults on demand: what goes wrong next, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RestFault = Literal["too_many", "broken", "unavailable", "timeout_before", "timeout_after"]
CallbackFault = Literal["late", "twice", "lost", "swapped"]
WebhookFault = Literal["refused", "slow", "broken"]


@dataclass(slots=True)
class Fault:
    """One kind of mishap for the next `times` occasions (None: until cleared)."""

    what: str
    times: int | None
    about: str = ""
    seconds: float = 0.0

    def fits(self, about: str) -> bool:
        return self.about in about


class Faults:
    """What shall go wrong. Phones have faults of their own: see `Phone.behaves`."""

    def __init__(self) -> None:
        self._rest: list[Fault] = []
        self._callbacks: list[Fault] = []
        self._webhooks: list[Fault] = []

    def rest(self, what: RestFault, times: int | None = 1, path: str = "") -> None:
        """The next `times` REST requests whose "METHOD path" holds `path` go wrong.

        too_many: 429. broken: 500. unavailable: 503. timeout_before: nothing is done and no
        answer comes. timeout_after: it is done, and no answer comes.
        """
        self._rest.append(Fault(what, times, path))

    def callbacks(
        self,
        what: CallbackFault,
        times: int | None = 1,
        about: str = "",
        seconds: float = 30.0,
    ) -> None:
        """The next `times` status callbacks about `about` go wrong.

        `about` is a part of call-status, text-status, recording-status, conference-status or
        machine-detected. late: `seconds` later. twice: again after `seconds`. lost: never.
        swapped: it waits until the next one has gone, at most `seconds`.
        """
        self._callbacks.append(Fault(what, times, about, seconds))

    def webhooks(
        self,
        what: WebhookFault,
        times: int | None = 1,
        about: str = "",
        seconds: float = 20.0,
    ) -> None:
        """The next `times` requests to the customer's server go wrong.

        refused: the connection is not made. slow: the server does its work and answers after
        `seconds`. broken: it is as if it had answered 500 without doing anything.
        """
        self._webhooks.append(Fault(what, times, about, seconds))

    def clear(self) -> None:
        """All is well again."""
        self._rest.clear()
        self._callbacks.clear()
        self._webhooks.clear()

    def next_rest(self, request: str) -> Fault | None:
        return _take(self._rest, request)

    def next_callback(self, about: str) -> Fault | None:
        return _take(self._callbacks, about)

    def next_webhook(self, about: str) -> Fault | None:
        return _take(self._webhooks, about)


def _take(faults: list[Fault], about: str) -> Fault | None:
    for fault in faults:
        if fault.fits(about):
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    faults.remove(fault)
            return fault
    return None
