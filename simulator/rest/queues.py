"""Queues and those who wait in them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from simulator.rest import shapes
from simulator.rest.asking import (
    account_path,
    answer_page,
    hook,
    known_fields,
    text,
    the_network,
    whole,
)
from simulator.rest.errors import not_found, refuse
from simulator.voice.queue import Member, Queue
from simulator.voice.script import Goto

routes = Blueprint("queues", __name__)

MOST_MEMBERS = 5000  # documented
USUAL_MEMBERS = 100


@routes.post("/Queues.json")
def create() -> tuple[dict[str, Any], int]:
    known_fields("FriendlyName MaxSize")
    network, name = the_network(), text("FriendlyName")
    if not 0 < len(name) <= 64:
        refuse(20001, "FriendlyName must have 1 to 64 characters")
    if network.queues.named(name) is not None:
        refuse(22002, f"A queue named {name!r} exists already", 409)
    queue = network.queues.create(name, whole("MaxSize", USUAL_MEMBERS, 1, MOST_MEMBERS))
    return _shape(queue), 201


@routes.get("/Queues.json")
def index() -> dict[str, Any]:
    queues = list(the_network().queues.by_sid.values())
    return answer_page("queues", f"{account_path()}/Queues.json", queues, _shape)


@routes.get("/Queues/<sid>.json")
def fetch(sid: str) -> dict[str, Any]:
    return _shape(_queue(sid))


@routes.post("/Queues/<sid>.json")
def update(sid: str) -> dict[str, Any]:
    known_fields("FriendlyName MaxSize")
    queue = _queue(sid)
    queue.name = text("FriendlyName") or queue.name
    queue.most = whole("MaxSize", queue.most, 1, MOST_MEMBERS)
    return _shape(queue)


@routes.delete("/Queues/<sid>.json")
def delete(sid: str) -> tuple[str, int]:
    queue = _queue(sid)
    if queue.members:
        refuse(22003, "The queue is not empty")
    del the_network().queues.by_sid[sid]
    return "", 204


@routes.get("/Queues/<sid>/Members.json")
def members(sid: str) -> dict[str, Any]:
    queue = _queue(sid)
    path = f"{account_path()}/Queues/{sid}/Members.json"
    return answer_page("queue_members", path, queue.members, lambda m: _member_shape(queue, m))


@routes.get("/Queues/<sid>/Members/<call_sid>.json")
def fetch_member(sid: str, call_sid: str) -> dict[str, Any]:
    queue = _queue(sid)
    return _member_shape(queue, _member(queue, call_sid))


@routes.post("/Queues/<sid>/Members/<call_sid>.json")
def take_out(sid: str, call_sid: str) -> dict[str, Any]:
    """Take a call out of the queue and give it other TwiML."""
    known_fields("Url Method")
    queue = _queue(sid)
    member = _member(queue, call_sid)
    asked = hook("Url", "Method", 21205)
    if not asked:
        refuse(21205, "Url parameter is required")
    shape = _member_shape(queue, member)
    member.leg.redirect(Goto(asked.url, asked.method))
    return shape


def _shape(queue: Queue) -> dict[str, Any]:
    return shapes.queue(account_path(), queue, the_network().clock.now())


def _member_shape(queue: Queue, member: Member) -> dict[str, Any]:
    return shapes.member(account_path(), queue, member, the_network().clock.now())


def _queue(sid: str) -> Queue:
    queue = the_network().queues.by_sid.get(sid)
    if queue is None:
        raise not_found(request.path)
    return queue


def _member(queue: Queue, call_sid: str) -> Member:
    for member in queue.members:
        if call_sid in {"Front", member.leg.call.sid}:
            return member
    raise not_found(request.path)
