"""Finds which question of ours a text answers: by code, by a letter, or by what we said last."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from helpline.helping import answers
from helpline.helping.answers import Question
from helpline.models import Purpose
from helpline.texting import asked
from helpline.texting.asked import ASKS_TO_HELP, STANDS_FOR, AskedOutcome, LastSaid
from ivr.exchange import Exchange
from ivr.letters import NO_ANSWER, Answer

# What people say within it is said to what we texted them last.
_STILL_TALKING: Final = timedelta(days=3)
_STILL_ASKED: Final = timedelta(days=1)
# Of these a volunteer's words are an answer, and no need of their own.
_ASKS_A_VOLUNTEER: Final = frozenset({ASKS_TO_HELP, "voicemail_new"})


def found(exchange: Exchange) -> tuple[Exchange, ...]:
    """What a text answers; several where it says something about each of several codes."""
    said, own = exchange.said, exchange.texter.request_code
    # CALL 4821, of their own need: whatever else they may say of it as a volunteer.
    asks_for_own = said.call and own is not None and said.answers[0].code == own
    if exchange.texter.volunteer_id is not None and not asks_for_own:
        by_code = [_by_code(exchange, each) for each in said.answers if each.code is not None]
        known = [each for each in by_code if each.asked or each.helps]
        if len(known) > 1 and all(_is_understood(each) for each in known):
            return tuple(known)
        if len(known) > 1:
            outcomes = tuple(one for each in known for one in each.asked)
            helps = tuple(one for each in known for one in each.helps)
            return (replace(known[0], answer=NO_ANSWER, asked=outcomes, helps=helps),)
        if known:
            return (known[0],)
        if len(by_code) == 1 and by_code[0].answer.is_all and by_code[0].answer.code != own:
            # Nothing but a code, which nobody knows: a slip of the finger.
            return (by_code[0],)
        if said.answers[0].outcome is not None and said.answers[0].code is None:
            exchange = _by_letter(exchange)
    if exchange.asked or exchange.helps:
        return (exchange,)
    return (_by_what_was_said_last(exchange),)


def _is_understood(exchange: Exchange) -> bool:
    said = exchange.answer
    return said.outcome is not None or (bool(exchange.helps) and said.can is not None)


def _by_code(exchange: Exchange, answer: Answer) -> Exchange:
    session, texter, at = exchange.session, exchange.texter, exchange.at
    if texter.volunteer_id is None or answer.code is None:
        return exchange
    one = asked.about(session, texter.volunteer_id, texter.line_id, answer.code, at)
    outcomes = () if one is None else (one,)
    helps = answers.questions(session, texter.volunteer_id, answer.code, at - STANDS_FOR)
    return replace(
        exchange, answer=answer, asked=outcomes, helps=tuple(_not_overtaken(helps[:1], outcomes))
    )


def _by_letter(exchange: Exchange) -> Exchange:
    session, volunteer_id, at = exchange.session, exchange.texter.volunteer_id, exchange.at
    if volunteer_id is None:
        return exchange
    outcomes = asked.unanswered(session, volunteer_id, at)
    helps = tuple(
        _not_overtaken(answers.questions(session, volunteer_id, None, at - STANDS_FOR), outcomes)
    )
    if not helps and not outcomes:
        outcomes = asked.taken_on(session, volunteer_id) or asked.answered_last(
            session, volunteer_id, at
        )
    return replace(exchange, answer=exchange.said.answers[0], asked=tuple(outcomes), helps=helps)


def _not_overtaken(
    helps: Sequence[Question], outcomes: Sequence[AskedOutcome]
) -> Iterator[Question]:
    """Those after which nobody asked how the same request went: the last question is answered."""
    last = {each.request_id: each.text_id or 0 for each in outcomes}
    return (each for each in helps if last.get(each.request_id, 0) < each.text_id)


def _by_what_was_said_last(exchange: Exchange) -> Exchange:
    """Words, thanks and figures alone are taken for what they follow."""
    said, texter = exchange.said, exchange.texter
    is_short = said.is_polite or said.is_figure or said.helped is not None
    is_volunteers = texter.volunteer_id is not None and texter.request_id is None
    if not (is_short or is_volunteers) or said.call:
        return exchange
    since = exchange.at - _STILL_TALKING
    last = asked.last_said(exchange.session, texter.line_id, texter.number, since)
    if last is None:
        return exchange
    if texter.question_id is not None and said.helped is not None and not said.in_a_word:
        # They answer what they were asked as a neighbour.
        return exchange
    exchange = replace(exchange, last_said=last)
    if last.purpose is Purpose.NEXT_MORNING:
        is_no = said.helped is False and (said.is_figure or said.in_a_word)
        if texter.question_id is None and is_no and last.answered_at is not None:
            if said.in_a_word and said.is_thankful and said.answers[0].outcome is None:
                # "No thank you": they need nothing more.
                return replace(exchange, said=replace(said, is_polite=True))
            # They had pressed the wrong figure. "2 pints of milk please" is another need.
            return replace(exchange, texter=replace(texter, question_id=last.text_id))
        return exchange
    return _once_more(exchange, is_volunteers=is_volunteers, at=exchange.at)


def _once_more(exchange: Exchange, *, is_volunteers: bool, at: datetime) -> Exchange:
    """A volunteer whom we have just asked something answers in words of their own.

    They are asked for a letter, once; what they say after that is a need of their own, and so is
    whatever has a question mark.
    """
    last, said, volunteer_id = exchange.last_said, exchange.said, exchange.texter.volunteer_id
    if last is None or volunteer_id is None or last.volunteer_id != volunteer_id:
        return exchange
    if last.request_id is None or last.code is None or "?" in exchange.text.body:
        return exchange
    if last.prompt == ASKS_TO_HELP:
        helps = tuple(
            each
            for each in answers.questions(exchange.session, volunteer_id, None, at - STANDS_FOR)
            if each.request_id == last.request_id
        )
        is_answer = said.helped is not None
        wanted = is_answer or (is_volunteers and not last.was_asked_again)
        if helps or not wanted:
            return replace(exchange, helps=helps) if wanted else exchange
        return _of_what_they_took_on(exchange, last, at)
    is_outcome = last.purpose is Purpose.OUTCOME
    is_question = (
        is_outcome or last.purpose is Purpose.ALERT or last.prompt in _ASKS_A_VOLUNTEER
    ) and last.answered_at is None
    # The letter that we have asked for once more.
    is_letter = said.answers[0].outcome is not None
    is_fresh = last.sent_at > at - _STILL_ASKED and (is_letter or not last.was_asked_again)
    if is_question and is_fresh and is_volunteers and (is_outcome or not said.is_polite):
        one = AskedOutcome(last.request_id, last.code, last.text_id)
        return replace(exchange, asked=(one,))
    return exchange


def _of_what_they_took_on(exchange: Exchange, last: LastSaid, at: datetime) -> Exchange:
    """Who has said "I can" says it again, or that they cannot after all, or that they go now."""
    said, volunteer_id = exchange.said, exchange.texter.volunteer_id
    is_fresh = said.helped is not None or last.sent_at > at - _STILL_ASKED
    if volunteer_id is None or said.is_polite or not is_fresh:
        return exchange
    theirs = asked.taken_on(exchange.session, volunteer_id)
    return replace(
        exchange, asked=tuple(each for each in theirs if each.request_id == last.request_id)
    )
