"""Texts, in and out: webhooks, statuses, STOP lists and what phones receive."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from simulator.events import TextMoved, TextReceived, TextSent
from simulator.forms import text_form, text_status_form
from simulator.optouts import ANSWERS, OptOuts, keyword
from simulator.records import NO_HOOK, Hook, IncomingNumber, Message, Text
from simulator.segments import segments
from simulator.tasks import sleep
from simulator.twiml.document import TwimlError, Verb, read_reply
from simulator.twiml.schema import MESSAGING
from simulator.webhooks import Outgoing, Session

if TYPE_CHECKING:
    from simulator.network import Network
    from simulator.phones import Phone

# From the request to the carrier, and from there to the phone (invented).
SENDING_SECONDS = 1.0
DELIVERY_SECONDS = 2.0
MOST_MESSAGES_BACK = 10
LANDLINE = 30006
UNKNOWN_HANDSET = 30005


class Texts:
    """Every text of the account, and the list of those who want none."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.messages: dict[str, Message] = {}
        self.opt_outs = OptOuts()

    def receive(self, phone: Phone, number: str, body: str, media: int = 0) -> Message:
        """A phone sends a text to `number`: the carrier's words first, then the webhook."""
        network = self._network
        message = self._new("MM" if media else "SM", phone.number, number, body, "inbound")
        message.status, message.media = "received", media
        network.log.add(
            TextReceived,
            message_sid=message.sid,
            from_number=phone.number,
            to_number=number,
            body=body,
            media=media,
        )
        line = network.numbers.get(number)
        if line is None:
            return message
        word = keyword(body)
        if word is not None:
            self.opt_outs.heed(word, number, phone.number)
            self._answer_automatically(number, phone.number, ANSWERS[word])
        if line.sms:
            network.begin(partial(self._ask, message, line))
        return message

    def send(
        self,
        from_number: str,
        to_number: str,
        body: str,
        *,
        direction: str = "outbound-api",
        callback: Hook = NO_HOOK,
        service_sid: str | None = None,
    ) -> Message:
        """Accept a text for sending; its statuses follow in time. Checks are REST's."""
        message = self._new("SM", from_number, to_number, body, direction)
        message.status = "queued" if service_sid is None else "accepted"
        message.callback, message.service_sid = callback, service_sid
        self._log_sent(message)
        self._network.begin(partial(self._deliver, message))
        return message

    def _answer_automatically(self, from_number: str, to_number: str, body: str) -> None:
        message = self._new("SM", from_number, to_number, body, "outbound-reply")
        message.automatic = True
        self._log_sent(message)
        self._network.begin(partial(self._deliver, message))

    def _log_sent(self, message: Message) -> None:
        self._network.log.add(
            TextSent,
            message_sid=message.sid,
            from_number=message.from_number,
            to_number=message.to_number,
            body=message.body,
            automatic=message.automatic,
        )

    def _new(self, prefix: str, from_number: str, to: str, body: str, direction: str) -> Message:
        network = self._network
        now = network.clock.now()
        sid = network.new_sid(prefix)
        message = Message(
            sid, network.account_sid, from_number, to, body, direction, now, "queued", now
        )
        self.messages[sid] = message
        return message

    async def _deliver(self, message: Message) -> None:
        network = self._network
        await sleep(network.clock, SENDING_SECONDS)
        blocked = self.opt_outs.holds(message.from_number, message.to_number)
        if blocked and not message.automatic:  # asked by TwiML or a service: no error but this
            self._move(message, "failed", 21610)
            return
        if message.status == "canceled":
            return
        self._move(message, "sent")
        message.sent_at = network.clock.now()
        phone = network.phones.get(message.to_number)
        error = UNKNOWN_HANDSET if phone is None or phone.behaviour == "dead" else None
        if phone is not None and phone.kind == "landline":
            error = LANDLINE
        if error is None and phone is not None:
            phone.receive(
                Text(
                    message.from_number,
                    message.body,
                    network.clock.now(),
                    message.sid,
                    message.automatic,
                )
            )
        await sleep(network.clock, DELIVERY_SECONDS)
        if error is not None:
            self._move(message, "undelivered", error)
        elif network.assumptions.carriers_send_receipts:
            self._move(message, "delivered")

    def _move(self, message: Message, status: str, error: int | None = None) -> None:
        network = self._network
        message.status, message.error_code = status, error
        message.updated_at = network.clock.now()
        network.log.add(TextMoved, message_sid=message.sid, status=status, error_code=error)
        if not message.callback:
            return
        form = text_status_form(
            account_sid=message.account_sid,
            sid=message.sid,
            from_number=message.from_number,
            to_number=message.to_number,
            status=status,
            at=message.updated_at,
            error_code=error,
            service_sid=message.service_sid,
        )
        hook, session = message.callback, Session(message.sid, voice=False)
        network.webhooks.send_callback(
            Outgoing("text-status", hook.url, hook.method, form, session)
        )

    async def _ask(self, message: Message, line: IncomingNumber) -> None:
        """The webhook of a text that came in, its fallback, and the reply's TwiML."""
        network = self._network
        media = [
            (f"{network.base_url}/media/{message.sid}/{position}.jpg", "image/jpeg")
            for position in range(message.media)
        ]
        form = text_form(
            account_sid=message.account_sid,
            sid=message.sid,
            from_number=message.from_number,
            to_number=message.to_number,
            body=message.body,
            media=media,
            segments=segments(message.body),
        )
        session = Session(message.sid, voice=False)
        hook, about = line.sms, "text"
        for fallback in (line.sms_fallback, NO_HOOK):
            try:
                await self._carry_out(
                    Outgoing(about, hook.url, hook.method, form, session), message
                )
            except TwimlError as error:
                url = error.url or hook.url
                network.complain(error.code, error.message, message.sid, url)
                if not fallback:
                    return
                hook, about = fallback, "fallback"
                form = {**form, "ErrorCode": str(error.code), "ErrorUrl": url}
            else:
                return

    async def _carry_out(self, outgoing: Outgoing, message: Message) -> None:
        """Fetch and obey messaging TwiML, through redirects. Raises TwimlError."""
        network = self._network
        for _ in range(MOST_MESSAGES_BACK):
            reply, url = await network.webhooks.fetch(outgoing)
            document = read_reply(reply, url, MESSAGING)
            for warning in document.warnings:
                network.complain(12200, warning, message.sid, url, warning=True)
            onward = self._obey(document.verbs, outgoing, message, url)
            if onward is None:
                return
            outgoing = onward
        raise TwimlError(12200, "The documents go round and round", outgoing.url)

    def _obey(
        self, verbs: list[Verb], outgoing: Outgoing, message: Message, url: str
    ) -> Outgoing | None:
        for verb in verbs:
            if verb.name == "Redirect":
                place = urljoin(url, verb.text)
                method = verb.get("method", "POST")
                return Outgoing("action", place, method, outgoing.form, outgoing.session)
            if verb.name == "Play":
                raise TwimlError(12300, "Invalid Content-Type: audio", url)
            bodies = [child.text for child in verb.children if child.name == "Body"]
            body = "".join(bodies) or verb.text
            if not body:
                self._network.complain(14103, "Invalid Body", message.sid, url)
                continue
            callback = verb.get("statusCallback")
            self.send(
                verb.get("from", message.to_number),
                verb.get("to", message.from_number),
                body,
                direction="outbound-reply",
                callback=Hook(urljoin(url, callback)) if callback else NO_HOOK,
            )
        return None
