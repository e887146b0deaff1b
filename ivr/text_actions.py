"""What a text wants done, and the service that does it: one small function for each want."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from helpline import alerts, callbacks, callers, follow_ups, requests, texts
from helpline.helping import answers
from helpline.models import Kind, Request, Text
from helpline.outcomes import Outcome
from helpline.requests import NoCodeFree
from helpline.telephones import answering_machines
from helpline.texting import asked, conversations, kept_aside
from helpline.texting.asked import AskedOutcome
from helpline.texting.kept_aside import is_shared
from helpline.texts import To
from ivr.exchange import Exchange


def _opt_out(exchange: Exchange) -> Exchange:
    # It may be heard of late, and they may have asked to be rung since.
    said_at = exchange.text.at
    callers.opt_out(exchange.session, exchange.texter.number, said_at)
    if exchange.texter.caller_id is not None:
        callbacks.call_off_for(exchange.session, exchange.texter.caller_id, said_at, exchange.at)
    if exchange.texter.volunteer_id is not None:
        alerts.volunteer_stopped(
            exchange.session, exchange.rules, exchange.texter.volunteer_id, exchange.at
        )
    return exchange


def _opt_in(exchange: Exchange) -> Exchange:
    callers.opt_in(exchange.session, exchange.texter.number)
    return exchange


def _log_request(exchange: Exchange) -> Exchange:
    """Open a request for what was said, unless one is open."""
    texter = exchange.texter
    if texter.request_id is None:
        group_id = texter.group_id or (exchange.area.group_id if exchange.area else None)
        request_id, code = requests.open_request(
            exchange.session,
            kind=Kind.ASK,
            line_id=texter.line_id,
            group_id=group_id,
            caller_id=texter.caller_id,
            at=exchange.at,
            chance=exchange.rules.chance,
        )
        if exchange.area is not None and texter.caller_id is not None:
            callers.remember_group(exchange.session, texter.caller_id, exchange.area.group_id)
        if texter.is_stranger:
            # What they said in a flood is theirs again.
            kept_aside.move(exchange.session, texter.line_id, texter.number, request_id)
        texter = replace(
            texter, request_id=request_id, request_code=code, request_group_id=group_id
        )
    return _add_to_request(replace(exchange, texter=texter))


def _add_to_request(exchange: Exchange) -> Exchange:
    if exchange.texter.request_id is not None:
        texts.belongs_to(exchange.session, exchange.text.id, exchange.texter.request_id)
    return exchange


def _add_to_last(exchange: Exchange) -> Exchange:
    """Thanks, or a figure alone, belong to what we were just talking about."""
    last = exchange.last_said
    request_id = exchange.texter.request_id or (last.request_id if last else None)
    if request_id is not None:
        texts.belongs_to(exchange.session, exchange.text.id, request_id)
    return exchange


def _keep_aside(exchange: Exchange) -> Exchange:
    """One of very many: kept with the others, until a coordinator has looked through them."""
    kept_aside.keep(exchange.session, exchange.rules, exchange.text, exchange.texter, exchange.at)
    return exchange


def _give_area(exchange: Exchange) -> Exchange:
    texter, area = exchange.texter, exchange.area
    if area is not None and texter.request_id is not None:
        if texter.request_group_id is None:
            requests.give_area(exchange.session, texter.request_id, area.group_id)
        else:
            requests.correct_area(exchange.session, texter.request_id, area.group_id, exchange.at)
        if texter.caller_id is not None:
            callers.remember_group(exchange.session, texter.caller_id, area.group_id)
    return exchange


def _owe_callback(exchange: Exchange) -> Exchange:
    texter = exchange.texter
    if texter.request_id is None:
        return exchange
    by = callbacks.owe(
        exchange.session,
        exchange.rules,
        texter.request_id,
        exchange.at,
        timezone=texter.timezone,
        closed_on=texter.closed_on,
        decided=True,
        number=texter.number,
        asked_at=exchange.text.at,
    )
    return replace(exchange, by=by)


def _ask_next_morning(exchange: Exchange) -> Exchange:
    texter = exchange.texter
    if texter.request_id is not None:
        request = exchange.session.get_one(Request, texter.request_id)
        follow_ups.ask_next_morning(
            exchange.session,
            exchange.rules,
            request,
            To(texter.line_id, texter.number, texter.language),
            texter.line_name,
            texter.timezone,
            exchange.at,
        )
    return exchange


def _settle(exchange: Exchange) -> Exchange:
    """A volunteer has said how it went."""
    volunteer_id, outcome = exchange.texter.volunteer_id, exchange.answer.outcome
    if volunteer_id is None or outcome is None or not exchange.asked:
        return exchange
    session, question = exchange.session, exchange.asked[0]
    request = kept_in = session.get_one(Request, question.request_id)
    try:
        requests.settle(session, request, outcome, exchange.at, volunteer_id)
    except NoCodeFree:
        kept_in = _keep_with_others(exchange)
    else:
        answering_machines.said_how_it_went(
            session, exchange.rules, request.id, outcome, exchange.at
        )
    asked.answered(session, volunteer_id, request.id, exchange.at)
    # What is opened again may have another code by now.
    settled = AskedOutcome(kept_in.id, kept_in.code, question.text_id)
    return _add_to_outcome(replace(exchange, asked=(settled,)))


def _give_back(exchange: Exchange) -> Exchange:
    """A volunteer who said "I can" cannot after all."""
    return _settle(replace(exchange, answer=replace(exchange.answer, outcome=Outcome.SOMEONE_ELSE)))


def _note_done_before(exchange: Exchange) -> Exchange:
    """What they were asked about is done; since then the neighbour has been promised a call."""
    volunteer_id = exchange.texter.volunteer_id
    if volunteer_id is not None:
        question = exchange.asked[0]
        asked.answered(exchange.session, volunteer_id, question.request_id, exchange.at)
    return _add_to_outcome(exchange)


def _keep_with_others(exchange: Exchange) -> Request:
    """What cannot be opened again, with every code in use: the one request a line shares has it.

    A coordinator is told that somebody texted.
    """
    session, at = exchange.session, exchange.at
    in_common = session.get_one(Request, requests.shared(session, exchange.texter.line_id, at)[0])
    once = f"alert_text_unread:text:{exchange.text.id}"
    alerts.tell_coordinators(session, exchange.rules, in_common, "alert_text_unread", at, once=once)
    return in_common


def _add_to_outcome(exchange: Exchange) -> Exchange:
    if exchange.asked:
        texts.belongs_to(exchange.session, exchange.text.id, exchange.asked[0].request_id)
    return exchange


def _can_help(exchange: Exchange) -> Exchange:
    """A volunteer who was asked can help."""
    answers.can(exchange.session, exchange.helps[0].id, exchange.at)
    return _add_to_help(exchange)


def _cannot_help(exchange: Exchange) -> Exchange:
    answers.cannot(exchange.session, exchange.helps[0].id, exchange.at)
    return _add_to_help(exchange)


def _add_to_help(exchange: Exchange) -> Exchange:
    texts.belongs_to(exchange.session, exchange.text.id, exchange.helps[0].request_id)
    return exchange


def _tell_coordinators_worried(exchange: Exchange) -> Exchange:
    request = exchange.session.get_one(Request, exchange.asked[0].request_id)
    alerts.volunteer_worried(
        exchange.session, exchange.rules, request, exchange.texter.volunteer_id, exchange.at
    )
    return exchange


def _answer_question(outcome: Outcome) -> Callable[[Exchange], Exchange]:
    """The caller has said whether the help arrived."""

    def settle(exchange: Exchange) -> Exchange:
        session, texter = exchange.session, exchange.texter
        question = session.get_one(Text, texter.question_id)
        request = session.get_one(Request, question.request_id)
        conversations.answered(session, question.id, exchange.at)
        try:
            # Who has asked since to be rung is rung first.
            if not asked.promised_since(session, request.id, question.id):
                requests.settle(session, request, outcome, exchange.at, volunteer_id=None)
        except NoCodeFree:
            request = _keep_with_others(exchange)
        texts.belongs_to(session, exchange.text.id, request.id)
        if outcome is Outcome.NOT_HELPED and not is_shared(request):
            alerts.reopened(session, exchange.rules, request, exchange.text.id, exchange.at)
        return replace(
            exchange, texter=replace(texter, request_id=request.id, request_code=request.code)
        )

    return settle


WANTS: Mapping[str, Callable[[Exchange], Exchange]] = MappingProxyType(
    {
        "opt_out": _opt_out,
        "opt_in": _opt_in,
        "log_request": _log_request,
        "add_to_request": _add_to_request,
        "add_to_last": _add_to_last,
        "keep_aside": _keep_aside,
        "give_area": _give_area,
        "owe_callback": _owe_callback,
        "ask_next_morning": _ask_next_morning,
        "can_help": _can_help,
        "cannot_help": _cannot_help,
        "settle": _settle,
        "give_back": _give_back,
        "note_done_before": _note_done_before,
        "add_to_outcome": _add_to_outcome,
        "tell_coordinators_worried": _tell_coordinators_worried,
        "settle_helped": _answer_question(Outcome.DONE),
        "open_again": _answer_question(Outcome.NOT_HELPED),
    }
)
