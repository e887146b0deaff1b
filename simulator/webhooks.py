"""Requests to the customer's server: signed, tried again, redirected, and faulty on demand."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from http.cookies import CookieError, SimpleCookie
from random import Random
from typing import Any
from urllib.parse import unquote, urlencode, urljoin, urlsplit, urlunsplit
from uuid import UUID

from simulator.clock import Clock
from simulator.events import Log, WebhookSent
from simulator.faults import Fault, Faults
from simulator.forms import Form
from simulator.overrides import Overrides, split_overrides
from simulator.signature import signature_headers, signed_url
from simulator.tasks import Signal, Task, sleep, wait
from simulator.transport import USER_AGENT, NoReply, Reply, Request, Transport
from simulator.twiml.document import TwimlError

MOST_REDIRECTS = 10  # documented
MOVED = {301, 302, 303, 307, 308}
# A swapped callback leaves this long after the one that overtook it (invented).
OVERTAKEN_SECONDS = 0.1


@dataclass(slots=True)
class Session:
    """What Twilio remembers between the requests of one call or text: whose, and its cookies."""

    sid: str
    voice: bool
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One webhook to be sent: `about` names its purpose in the log and to the faults."""

    about: str
    url: str
    method: str
    form: Form
    session: Session


class Webhooks:
    """Sends webhooks through a transport and tells the log."""

    def __init__(
        self,
        *,
        clock: Clock,
        transport: Transport,
        log: Log,
        faults: Faults,
        chance: Random,
        token: str,
    ) -> None:
        self._clock = clock
        self._transport = transport
        self._log = log
        self._faults = faults
        self._chance = chance
        self._token = token
        # Signs every webhook instead of the token where it is set.
        self.shared_key: str | None = None
        self._held: list[tuple[str, Signal[None]]] = []

    async def fetch(self, hook: Outgoing) -> tuple[Reply, str]:
        """The final answer and the URL it came from. Raises TwimlError 11205, 11200 or 11215.

        An answer with an error status is returned, not raised.
        """
        url, method = hook.url, hook.method.upper()
        form = hook.form
        for _ in range(MOST_REDIRECTS + 1):
            _check_url(url)
            answer = await self._tried(hook, url, method, form)
            if isinstance(answer, NoReply):
                code = 11200 if answer.connected else 11205
                raise TwimlError(code, f"No answer from {url}: {answer.reason}", hook.url)
            for cookie in answer.cookies:
                _keep(cookie, hook.session.cookies)
            place = answer.headers.get("location")
            if answer.status not in MOVED or place is None:
                return answer, url
            url = urljoin(url, place)
            if answer.status in {301, 302, 303}:  # observed: the form is lost on the way
                method, form = "GET", {}
        raise TwimlError(11215, "Too many redirects", hook.url)

    def send_callback(self, hook: Outgoing) -> Task[None]:
        """Send a status callback; its answer is ignored, its failure only logged."""
        return Task(self._clock, partial(self._callback, hook))

    async def _callback(self, hook: Outgoing) -> None:
        fault = self._faults.next_callback(hook.about)
        if fault is not None and fault.what == "lost":
            return
        if fault is not None and fault.what == "late":
            await sleep(self._clock, fault.seconds)
        if fault is not None and fault.what == "swapped":
            await self._be_overtaken(hook, fault)
        else:
            self._release(hook)
        await self._quietly(hook)
        if fault is not None and fault.what == "twice":
            await sleep(self._clock, fault.seconds)
            await self._quietly(hook)

    async def _be_overtaken(self, hook: Outgoing, fault: Fault) -> None:
        overtaken: Signal[None] = Signal()
        self._held.append((hook.about, overtaken))
        if await wait(self._clock, fault.seconds, overtaken) is not None:
            await sleep(self._clock, OVERTAKEN_SECONDS)

    def _release(self, hook: Outgoing) -> None:
        for held in [held for held in self._held if held[0] == hook.about]:
            self._held.remove(held)
            held[1].fire(None)

    async def _quietly(self, hook: Outgoing) -> None:
        try:
            await self.fetch(hook)
        except TwimlError:
            return  # it stands in the log as a webhook without an answer

    async def _tried(
        self, hook: Outgoing, url: str, method: str, form: Mapping[str, str]
    ) -> Reply | NoReply:
        bare, overrides = split_overrides(url)
        began = self._clock.now()
        token = str(UUID(int=self._chance.getrandbits(128), version=4))
        for attempt in range(overrides.retries + 1):
            request = self._request(hook, bare, method, form, token)
            spent = (self._clock.now() - began).total_seconds()
            left = max(0.0, overrides.total_seconds - spent)
            answer = await self._attempt(hook, request, overrides, left)
            self._record(hook, request, form, answer)
            connected = not isinstance(answer, NoReply) or answer.connected
            status = None if isinstance(answer, NoReply) else answer.status
            again = overrides.retries_on(status=status, connected=connected)
            spent = (self._clock.now() - began).total_seconds()
            if not again or attempt == overrides.retries or spent >= overrides.total_seconds:
                break
        return answer

    async def _attempt(
        self, hook: Outgoing, request: Request, overrides: Overrides, left: float
    ) -> Reply | NoReply:
        fault = self._faults.next_webhook(hook.about)
        if fault is not None and fault.what == "refused":
            return NoReply(False, "Connection refused.")
        if fault is not None and fault.what == "broken":
            return Reply(500)
        limit = min(overrides.read_seconds, left)
        arrived: Signal[Reply | NoReply] = Signal()
        work = partial(
            self._transport.send, request, min(overrides.connect_seconds, left), max(limit, 0.1)
        )
        self._clock.run_apart(work, arrived.fire)
        answer = await arrived
        if fault is not None and fault.what == "slow":
            await sleep(self._clock, min(fault.seconds, limit))
            if fault.seconds > limit:
                return NoReply(True, "The answer took too long.")
        return answer

    def _request(
        self, hook: Outgoing, url: str, method: str, form: Mapping[str, str], token: str
    ) -> Request:
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": "*/*",
            "Cache-Control": "max-age=259200",
            "I-Twilio-Idempotency-Token": token,
            "X-Home-Region": "us1",
        }
        body = b""
        signed: Mapping[str, str] = {}
        if method == "GET":
            if form:
                url += ("&" if "?" in url else "?") + urlencode(form)
        else:
            signed, body = form, urlencode(form).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
        headers |= signature_headers(
            signed_url(url, voice=hook.session.voice), signed, self._token, self.shared_key
        )
        parts = urlsplit(url)
        if parts.username is not None:
            known = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["Authorization"] = "Basic " + b64encode(known.encode()).decode()
            url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        if hook.session.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in hook.session.cookies.items())
        return Request(method, url, headers, body)

    def _record(
        self, hook: Outgoing, request: Request, form: Mapping[str, str], answer: Reply | NoReply
    ) -> None:
        self._log.add(
            WebhookSent,
            about=hook.about,
            sid=hook.session.sid,
            method=request.method,
            url=request.url,
            form=dict(form),
            status=0 if isinstance(answer, NoReply) else answer.status,
            failure=answer.reason if isinstance(answer, NoReply) else "",
        )


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        host: Any = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"} or "_" in host:
        raise TwimlError(11100, f"Invalid URL format: {url}", url)


def _keep(cookie: str, jar: dict[str, str]) -> None:
    try:
        parsed: SimpleCookie = SimpleCookie(cookie)
    except CookieError:
        return
    for name, morsel in parsed.items():
        jar[name] = morsel.value
