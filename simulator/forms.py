"""The forms that webhooks carry, made from plain values; the fields are those of `parameters`."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

Form = dict[str, str]

API_VERSION = "2010-04-01"
# ITU country codes of the numbers people try this with; elsewhere the country stays empty.
COUNTRIES = {"+1": "US", "+353": "IE", "+44": "GB", "+48": "PL", "+49": "DE", "+33": "FR"}


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What a request says about a call. Numbers are E.164, or what the caller id said."""

    account_sid: str
    call_sid: str
    from_number: str
    to_number: str
    status: str = "ringing"
    direction: str = "inbound"
    parent_sid: str | None = None
    forwarded_from: str | None = None
    answered_by: str | None = None
    place: dict[str, str] = field(default_factory=dict)  # e.g. {"FromCity": "HALIFAX"}


def call_form(facts: CallFacts, extras: Form | None = None) -> Form:
    """The form of any request about a call, with what this kind of request adds."""
    form = {
        "AccountSid": facts.account_sid,
        "ApiVersion": API_VERSION,
        "CallSid": facts.call_sid,
        "CallStatus": facts.status,
        "Called": facts.to_number,
        "Caller": facts.from_number,
        "Direction": facts.direction,
        "From": facts.from_number,
        "To": facts.to_number,
    }
    for end, number in (("From", facts.from_number), ("To", facts.to_number)):
        for what in ("City", "State", "Zip", "Country"):
            known = facts.place.get(end + what)
            value = known if known is not None else country(number) if what == "Country" else ""
            form[end + what] = value
            form[("Caller" if end == "From" else "Called") + what] = value
    if facts.direction == "inbound":
        form["CallToken"] = _call_token(facts.call_sid)
    if facts.forwarded_from is not None:
        form["ForwardedFrom"] = form["CalledVia"] = facts.forwarded_from
    if facts.parent_sid is not None:
        form["ParentCallSid"] = facts.parent_sid
    if facts.answered_by is not None:
        form["AnsweredBy"] = facts.answered_by
    return dict(sorted({**form, **(extras or {})}.items()))


def gather_extras(digits: str, *, finished_on: str = "") -> Form:
    """What Gather's action adds; `finished_on` is the key that ended it, if one did."""
    return {"Digits": digits, "FinishedOnKey": finished_on, "msg": "Gather End"}


def speech_extras(words: str) -> Form:
    """What Gather's action adds where somebody spoke: every word is understood, and for certain."""
    return {"SpeechResult": words, "Confidence": "0.95"}


def dial_extras(status: str, *, sid: str | None, seconds: int | None, bridged: bool) -> Form:
    """What Dial's action adds after dialling numbers; `seconds` is the child call's length."""
    extras = {"DialCallStatus": status, "DialBridged": "true" if bridged else "false"}
    if sid is not None:
        extras["DialCallSid"] = sid
    if seconds is not None:
        extras["DialCallDuration"] = str(seconds)
    return extras


def record_extras(url: str, sid: str, seconds: int, digits: str) -> Form:
    """What Record's action adds; `digits` is the key that ended it, `hangup`, or empty."""
    return {
        "RecordingUrl": url,
        "RecordingSid": sid,
        "RecordingDuration": str(seconds),
        "Digits": digits,
    }


def progress_extras(
    number: int, at: datetime, *, seconds: int | None = None, sip_code: int | None = None
) -> Form:
    """What a call's status callback adds; `number` counts from 0, `seconds` when it is over."""
    extras = {
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(number),
        "Timestamp": rfc2822(at),
    }
    if seconds is not None:
        extras["CallDuration"] = str(seconds)
        extras["Duration"] = str(math.ceil(seconds / 60))
    if sip_code is not None:
        extras["SipResponseCode"] = str(sip_code)
    return extras


def recording_status_form(
    *,
    account_sid: str,
    call_sid: str,
    sid: str,
    url: str,
    seconds: int,
    started_at: datetime,
    status: str = "completed",
    source: str = "RecordVerb",
) -> Form:
    """The form of a recordingStatusCallback: no From, To or CallStatus in it."""
    return {
        "AccountSid": account_sid,
        "CallSid": call_sid,
        "RecordingChannels": "1",
        "RecordingDuration": str(seconds),
        "RecordingSid": sid,
        "RecordingSource": source,
        "RecordingStartTime": rfc2822(started_at),
        "RecordingStatus": status,
        "RecordingTrack": "both",
        "RecordingUrl": url,
    }


def text_form(
    *,
    account_sid: str,
    sid: str,
    from_number: str,
    to_number: str,
    body: str,
    media: list[tuple[str, str]] | None = None,
    segments: int = 1,
) -> Form:
    """The form of a text that came in; `media` as (URL, content type)."""
    form = {
        "AccountSid": account_sid,
        "ApiVersion": API_VERSION,
        "Body": body,
        "From": from_number,
        "MessageSid": sid,
        "NumMedia": str(len(media or [])),
        "NumSegments": str(segments),
        "ReferralNumMedia": "0",
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "SmsStatus": "received",
        "To": to_number,
    }
    for end, number in (("From", from_number), ("To", to_number)):
        for what in ("City", "State", "Zip"):
            form[end + what] = ""
        form[end + "Country"] = country(number)
    for position, (url, content_type) in enumerate(media or []):
        form[f"MediaUrl{position}"] = url
        form[f"MediaContentType{position}"] = content_type
    return dict(sorted(form.items()))


def text_status_form(
    *,
    account_sid: str,
    sid: str,
    from_number: str,
    to_number: str,
    status: str,
    at: datetime,
    error_code: int | None = None,
    service_sid: str | None = None,
) -> Form:
    """The form of a text's status callback; `at` is when the carrier said so."""
    form = {
        "AccountSid": account_sid,
        "ApiVersion": API_VERSION,
        "From": from_number,
        "MessageSid": sid,
        "MessageStatus": status,
        "SmsSid": sid,
        "SmsStatus": status,
        "To": to_number,
    }
    if error_code is not None:
        form["ErrorCode"] = str(error_code)
    if status in {"delivered", "undelivered"}:
        form["RawDlrDoneDate"] = at.strftime("%y%m%d%H%M")
    if service_sid is not None:
        form["MessagingServiceSid"] = service_sid
    return dict(sorted(form.items()))


def rfc2822(at: datetime) -> str:
    """Twilio's dates: `Fri, 20 Aug 2010 01:13:42 +0000`."""
    return format_datetime(at.replace(microsecond=0))


def country(number: str) -> str:
    """The country of an E.164 number by its code, or an empty string."""
    for length in (4, 3, 2):
        if number[:length] in COUNTRIES:
            return COUNTRIES[number[:length]]
    return ""


def _call_token(call_sid: str) -> str:
    # Documented to exist, its content is not: a constant of the call, of the shape once seen.
    return f"%7B%22parentCallInfoToken%22%3A%22{call_sid[2:]}%22%7D"
