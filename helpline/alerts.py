"""Words to a coordinator: what needs a person, told once, and nothing that is private."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import audit, callers, texts, volunteers
from helpline.models import (
    Callback,
    Group,
    Line,
    LineGroup,
    Purpose,
    Request,
    Text,
    TextStatus,
    Volunteer,
)
from helpline.people import out_of_reach
from helpline.rules import HOME_ZONE, Rules
from helpline.telephones.call_state import CallState
from helpline.texts import About, To
from helpline.volunteers import first_language


def message_without_number(session: Session, rules: Rules, state: CallState, at: datetime) -> None:
    """Somebody we cannot ring back left a message: a coordinator must listen to it."""
    if state.request_id is not None:
        request = session.get_one(Request, state.request_id)
        tell_coordinators(session, rules, request, "alert_withheld", at)


def volunteer_worried(
    session: Session, rules: Rules, request: Request, volunteer_id: int | None, at: datetime
) -> None:
    """A volunteer is worried about a neighbour: the coordinators are told who to ask."""
    volunteer = session.get(Volunteer, volunteer_id) if volunteer_id is not None else None
    tell_coordinators(
        session,
        rules,
        request,
        "alert_worried",
        at,
        once=f"alert_worried:request:{request.id}:{at:%Y-%m-%d}",
        volunteer=volunteer.name if volunteer else "",
    )


def reopened(session: Session, rules: Rules, request: Request, text_id: int, at: datetime) -> None:
    """A neighbour has said, by this text, that no help came: told as often as they say it."""
    once = f"alert_reopened:text:{text_id}"
    tell_coordinators(session, rules, request, "alert_reopened", at, once=once)


def volunteer_stopped(session: Session, rules: Rules, volunteer_id: int, at: datetime) -> None:
    """A volunteer said STOP and is neither rung nor texted: their coordinators are told."""
    volunteer = session.get_one(Volunteer, volunteer_id)
    audit.write(session, "volunteer_stopped", at, volunteer_id=volunteer_id)
    for group, line_id in volunteers.groups_of(session, volunteer_id):
        _tell(
            session,
            rules,
            [
                each
                for each in volunteers.coordinators(session, [group.id])
                if each.id != volunteer_id
            ],
            line_id,
            "alert_volunteer_stopped",
            at,
            once=f"alert_volunteer_stopped:{volunteer_id}:{at:%Y-%m-%d}",
            group=group.name,
            volunteer=volunteer.name,
        )


def number_changed(
    session: Session, rules: Rules, volunteer_id: int, old_number: str, by_id: int, at: datetime
) -> None:
    """Codes to sign in go to another telephone: the old one and the coordinators are told.

    Whoever changed it is told too: it may have been somebody at their browser.
    """
    volunteer, by = (session.get_one(Volunteer, each) for each in (volunteer_id, by_id))
    for group, line_id in volunteers.groups_of(session, volunteer_id):
        once = f"number_changed:{volunteer_id}:{at:%Y%m%dT%H%M%S}:{group.id}"
        texts.promise(
            session,
            rules.words,
            Purpose.NOTICE,
            "your_number_changed",
            To(line_id, old_number, first_language(volunteer.languages)),
            at,
            about=About(volunteer_id=volunteer_id),
            once=once,
            group=group.name,
        )
        told = [
            each
            for each in volunteers.coordinators(session, [group.id])
            # Nobody knows yet whose the new telephone is.
            if each.id != volunteer_id
        ]
        _tell(
            session,
            rules,
            told,
            line_id,
            "alert_number_changed",
            at,
            once=once,
            group=group.name,
            volunteer=volunteer.name,
            by=by.name,
        )


def volunteers_out_of_reach(session: Session, rules: Rules, at: datetime) -> None:
    """Who has a number that we neither ring nor text: their coordinators are told, once a month."""
    for volunteer in out_of_reach.volunteers(session, rules.config.reach):
        for group, line_id in volunteers.groups_of(session, volunteer.id):
            _tell(
                session,
                rules,
                volunteers.coordinators(session, [group.id]),
                line_id,
                "alert_volunteer_not_allowed",
                at,
                once=f"alert_volunteer_not_allowed:{volunteer.id}:{at:%Y-%m}",
                volunteer=volunteer.name,
            )


def tell_coordinators(
    session: Session,
    rules: Rules,
    request: Request,
    prompt: str,
    at: datetime,
    once: str | None = None,
    **values: Any,
) -> None:
    """Owe the coordinators of a request's group a text, each once; no private word is in it."""
    _tell(
        session,
        rules,
        volunteers.coordinators(session, _groups_of(session, request)),
        request.line_id,
        prompt,
        at,
        once=once or f"{prompt}:request:{request.id}",
        request_id=request.id,
        code=request.code,
        group=whose(session, request),
        **values,
    )


def whose(session: Session, request: Request) -> str:
    """The name of the group whose request it is; the line's while the neighbour has not said."""
    if request.group_id is not None:
        return session.get_one(Group, request.group_id).name
    return session.get_one(Line, request.line_id).name


def _tell(
    session: Session,
    rules: Rules,
    coordinators: Collection[Volunteer],
    line_id: int,
    prompt: str,
    at: datetime,
    *,
    once: str,
    request_id: int | None = None,
    **values: Any,
) -> None:
    for coordinator in coordinators:
        texts.promise(
            session,
            rules.words,
            Purpose.ALERT,
            prompt,
            To(line_id, coordinator.number, first_language(coordinator.languages)),
            at,
            about=About(request_id, volunteer_id=coordinator.id),
            once=f"{once}:to:{coordinator.id}",
            **{name: _in(coordinator, value) for name, value in values.items()},
        )


def _in(coordinator: Volunteer, value: Any) -> Any:
    """A value that is said differently in each language, in the coordinator's own."""
    return value(first_language(coordinator.languages)) if callable(value) else value


def _groups_of(session: Session, request: Request) -> Collection[int]:
    """Whose request it is; every group of the line while the neighbour has not said."""
    if request.group_id is not None:
        return [request.group_id]
    return list(
        session.scalars(select(LineGroup.group_id).where(LineGroup.line_id == request.line_id))
    )


def callback_late(
    session: Session, rules: Rules, request: Request, callback: Callback, at: datetime
) -> None:
    """A callback was due and nobody has been rung: somebody must ring them now."""
    group = session.get(Group, request.group_id) if request.group_id is not None else None
    zone = ZoneInfo(group.timezone if group else HOME_ZONE)

    def by(language: str | None) -> str:
        return rules.words.by_time(callback.due_at, at, zone, language)

    # Who asks again is promised another time, and that may be late, too.
    once = f"alert_callback_late:callback:{callback.id}:{callback.due_at:%Y%m%dT%H%M}"
    tell_coordinators(session, rules, request, "alert_callback_late", at, once=once, by=by)


def stopped(session: Session, rules: Rules, number: str, at: datetime) -> None:
    """Somebody said STOP to the network: a volunteer's coordinators are told."""
    callers.opt_out(session, number, at)
    volunteer = volunteers.with_number(session, number)
    if volunteer is not None:
        volunteer_stopped(session, rules, volunteer.id, at)


def text_fared(
    session: Session, rules: Rules, text_id: int, status: TextStatus, at: datetime
) -> None:
    """A text has come further. One that did not arrive is told of, unless it told of something."""
    if status not in (TextStatus.UNDELIVERED, TextStatus.FAILED):
        return
    text = session.get_one(Text, text_id)
    audit.write(
        session,
        f"text_{status}",
        at,
        request_id=text.request_id,
        call_id=text.call_id,
        volunteer_id=text.volunteer_id,
        detail=f"{text.prompt}, code {text.error_code or 'none'}",
    )
    if text.request_id is not None and text.purpose is not Purpose.ALERT:
        request = session.get_one(Request, text.request_id)
        tell_coordinators(session, rules, request, "alert_text_failed", at)
