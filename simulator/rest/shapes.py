"""Records as JSON in Twilio's shapes: numbers as strings, dates by RFC 2822, null until known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from simulator.forms import API_VERSION, rfc2822
from simulator.records import Call, Hook, IncomingNumber, Message, Recording
from simulator.segments import segments
from simulator.voice.conference import Conference, Participant
from simulator.voice.queue import Member, Queue

ERRORS = {
    21610: "Attempt to send to unsubscribed recipient",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
}


def _date(at: datetime | None) -> str | None:
    return None if at is None else rfc2822(at)


def account(base: str, sid: str) -> dict[str, Any]:
    return {
        "sid": sid,
        "friendly_name": "A pretend account",
        "status": "active",
        "type": "Full",
        "owner_account_sid": sid,
        "uri": f"{base}.json",
    }


def call(base: str, record: Call) -> dict[str, Any]:
    uri = f"{base}/Calls/{record.sid}"
    return {
        "sid": record.sid,
        "account_sid": record.account_sid,
        "parent_call_sid": record.parent_sid,
        "phone_number_sid": record.number_sid,
        "to": record.to_number,
        "to_formatted": record.to_number,
        "from": record.from_number,
        "from_formatted": record.from_number,
        "status": record.status,
        "direction": record.direction,
        "start_time": _date(record.answered_at),
        "end_time": _date(record.ended_at),
        "duration": str(record.seconds) if record.is_over else None,
        "date_created": _date(record.created_at),
        "date_updated": _date(record.ended_at or record.answered_at or record.created_at),
        "price": None,
        "price_unit": "USD",
        "answered_by": record.answered_by,
        "annotation": None,
        "api_version": API_VERSION,
        "forwarded_from": record.forwarded_from,
        "group_sid": None,
        "caller_name": None,
        "queue_time": "0",
        "trunk_sid": None,
        "uri": f"{uri}.json",
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
    }


def message(base: str, record: Message) -> dict[str, Any]:
    uri = f"{base}/Messages/{record.sid}"
    count = 0 if record.service_sid and record.status == "accepted" else segments(record.body)
    return {
        "sid": record.sid,
        "account_sid": record.account_sid,
        "messaging_service_sid": record.service_sid,
        "to": record.to_number,
        "from": record.from_number or None,
        "body": record.body,
        "status": record.status,
        "direction": record.direction,
        "num_segments": str(count),
        "num_media": str(record.media),
        "date_created": _date(record.created_at),
        "date_updated": _date(record.updated_at),
        "date_sent": _date(record.sent_at),
        "price": None,
        "price_unit": "USD",
        "error_code": record.error_code,
        "error_message": ERRORS.get(record.error_code) if record.error_code else None,
        "api_version": API_VERSION,
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def recording(base: str, record: Recording) -> dict[str, Any]:
    uri = f"{base}/Recordings/{record.sid}"
    return {
        "sid": record.sid,
        "account_sid": record.account_sid,
        "call_sid": record.call_sid,
        "conference_sid": None,
        "channels": 1,
        "source": record.source,
        "status": record.status,
        "duration": str(record.seconds) if record.status != "in-progress" else "-1",
        "start_time": _date(record.started_at),
        "date_created": _date(record.started_at),
        "date_updated": _date(record.ready_at or record.started_at),
        "price": None,
        "price_unit": "USD",
        "error_code": None,
        "encryption_details": None,
        "api_version": API_VERSION,
        "media_url": record.media_url,
        "uri": f"{uri}.json",
        "subresource_uris": {},
    }


def incoming_number(base: str, record: IncomingNumber) -> dict[str, Any]:
    hooks = {
        "voice": record.voice,
        "voice_fallback": record.voice_fallback,
        "sms": record.sms,
        "sms_fallback": record.sms_fallback,
    }
    shaped: dict[str, Any] = {}
    for name, hook in hooks.items():
        shaped.update(_hook(name, hook))
    return {
        "sid": record.sid,
        "account_sid": record.account_sid,
        "phone_number": record.number,
        "friendly_name": record.name,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "date_created": _date(record.created_at),
        "date_updated": _date(record.created_at),
        **shaped,
        "status_callback": record.status_callback.url,
        "status_callback_method": record.status_callback.method,
        "api_version": API_VERSION,
        "uri": f"{base}/IncomingPhoneNumbers/{record.sid}.json",
    }


def _hook(name: str, hook: Hook) -> dict[str, str]:
    return {f"{name}_url": hook.url, f"{name}_method": hook.method}


def queue(base: str, record: Queue, now: datetime) -> dict[str, Any]:
    uri = f"{base}/Queues/{record.sid}"
    return {
        "sid": record.sid,
        "friendly_name": record.name,
        "current_size": len(record.members),
        "max_size": record.most,
        "average_wait_time": record.average_wait(now),
        "date_created": _date(record.created_at),
        "date_updated": _date(record.updated_at),
        "uri": f"{uri}.json",
        "subresource_uris": {"members": f"{uri}/Members.json"},
    }


def member(base: str, of: Queue, record: Member, now: datetime) -> dict[str, Any]:
    sid = record.leg.call.sid
    return {
        "queue_sid": of.sid,
        "call_sid": sid,
        "date_enqueued": _date(record.joined_at),
        "position": of.members.index(record) + 1 if record in of.members else 0,
        "wait_time": record.seconds(now),
        "uri": f"{base}/Queues/{of.sid}/Members/{sid}.json",
    }


def conference(base: str, record: Conference) -> dict[str, Any]:
    uri = f"{base}/Conferences/{record.sid}"
    return {
        "sid": record.sid,
        "account_sid": base.rpartition("/")[2],
        "friendly_name": record.name,
        "status": record.status,
        "region": "us1",
        "reason_conference_ended": record.reason_ended or None,
        "call_sid_ending_conference": record.ended_by or None,
        "date_created": _date(record.created_at),
        "date_updated": _date(record.updated_at),
        "api_version": API_VERSION,
        "uri": f"{uri}.json",
        "subresource_uris": {"participants": f"{uri}/Participants.json"},
    }


def participant(base: str, of: Conference, record: Participant) -> dict[str, Any]:
    sid = record.leg.call.sid
    return {
        "account_sid": base.rpartition("/")[2],
        "call_sid": sid,
        "conference_sid": of.sid,
        "label": record.label or None,
        "muted": record.muted,
        "hold": record.hold,
        "coaching": False,
        "start_conference_on_enter": record.starts,
        "end_conference_on_exit": record.ends,
        "status": "connected",
        "date_created": _date(record.joined_at),
        "date_updated": _date(record.joined_at),
        "uri": f"{base}/Conferences/{of.sid}/Participants/{sid}.json",
    }
