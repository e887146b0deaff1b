"""Takes a text: written down at the door, then understood, acted upon and answered by a worker.

So the network is answered at once, and whatever goes wrong afterwards is tried again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy.orm import Session

from helpline import callers, doors, places, texts
from helpline.database import Database
from helpline.helping import answers
from helpline.models import Text
from helpline.outcomes import Outcome
from helpline.phone_numbers import caller_id
from helpline.rules import Rules
from helpline.texting import asked, conversations, unread
from helpline.texting.conversations import Texter
from ivr import engine
from ivr.area_names import corrected_area, names_area, only_area, seems_to_name
from ivr.exchange import Exchange, answer
from ivr.facts import TextFacts
from ivr.keywords import understand
from ivr.languages import asked_in, own_letters, seems_written_in
from ivr.questions import found
from ivr.text_actions import WANTS
from ivr.text_flow import TEXT_FLOW
from ivr.twilio.requests import TextEvent

# The same words again within this time are the network's echo, or an impatient thumb.
ECHO = timedelta(minutes=15)
# Where somebody is says no more than this: nobody looks an area up for longer words.
_LONGEST_PLACE = 40
# The letters that answer "could you help?".
CAN_HELP, CANNOT_HELP = "A", "B"
# A volunteer's answer that was understood.
SETTLES = frozenset({"settle", "give_back", "note_done_before", "can_help", "cannot_help"})
# So many times what a line takes in a minute is more than neighbours ask for in a day: nobody goes
# through more requests than that, and the line's codes last for weeks.
DAYS_REQUESTS = 10


@dataclass(frozen=True)
class TextTurns:
    """Everything that texts need; one for the whole process."""

    database: Database
    rules: Rules

    def received(self, event: TextEvent, at: datetime) -> None:
        """A text came in: it is written down, and a worker takes it from there."""
        with self.database.unit_of_work() as session:
            text_id = texts.receive(
                session,
                message_sid=event.message_sid,
                to_number=event.to_number,
                number=caller_id(event.from_number) or event.from_number[:40],
                body=event.body,
                media_count=event.media_count,
                at=at,
            )
        doors.about(text=text_id)

    def take(self, text_id: int, at: datetime) -> None:
        """Understand a text that came in, act upon it and owe the answer; all of it once.

        What goes wrong is raised, and tried again; not for ever, see `helpline.texting.unread`.
        """
        with self.database.unit_of_work() as session:
            if not unread.may_try(session, self.rules, text_id, at):
                return
        with self.database.unit_of_work() as session:
            text = texts.to_be_taken(session, text_id)
            # A short code, or a name in place of a number, is somebody who sells something.
            if text is not None and text.line_id is not None and caller_id(text.number):
                self._take(session, text, text.line_id, at)

    def _take(self, session: Session, text: Text, line_id: int, at: datetime) -> None:
        # Two parts of a long text, taken at the same moment, are no two requests.
        callers.held(session, text.number, at)
        said = understand(text.body, self.rules.config.keywords)
        texter = conversations.of(session, text.number, line_id, at)
        if texter.language is None:
            texter = self._in_their_language(session, texter, text, asks=said.call)
        exchange = _with_area(Exchange(session, self.rules, at, text, texter, said))
        answered = found(exchange)
        for nth, each in enumerate(answered):
            self._answer(each, f":{nth}" if nth else "")

    @cached_property
    def _own_letters(self) -> Mapping[str, frozenset[str]]:
        return own_letters(self.rules.config.texted)

    def _in_their_language(
        self, session: Session, texter: Texter, text: Text, *, asks: bool
    ) -> Texter:
        """Who has never chosen a language is answered in the one that they write.

        It is theirs from now on where they ask to be rung in it: there is no mistaking that.
        """
        config = self.rules.config
        asked = asked_in(text.body, config.call_words) if asks else None
        if asked not in (None, self.rules.first_language) and texter.caller_id is not None:
            callers.remember_language(session, texter.caller_id, asked)
        language = asked or seems_written_in(text.body, self._own_letters)
        return replace(texter, language=language)

    def _answer(self, exchange: Exchange, nth: str) -> None:
        texter, facts = exchange.texter, _facts(exchange)
        turn = engine.begin(TEXT_FLOW, facts)
        for want in turn.wants:
            exchange = WANTS[want.name](exchange)
        # No robot writes a code of ours and a letter.
        is_settled = any(want.name in SETTLES for want in turn.wants)
        is_patient = texter.answers_lately < conversations.MOST_ANSWERS_AN_HOUR
        if is_patient or is_settled or facts.texts_too_often:
            for prompt in turn.says:
                answer(exchange, prompt.name, nth)


def _with_area(exchange: Exchange) -> Exchange:
    """Which area they name, where nobody knows theirs yet."""
    texter = exchange.texter
    if texter.request_group_id is not None:
        return _with_corrected_area(exchange)
    if texter.group_id is not None:
        return exchange
    areas = places.areas(exchange.session, texter.line_id)
    was_asked = texter.request_id is not None and texter.request_group_id is None
    body = exchange.text.body
    named = seems_to_name(body, areas) if was_asked else names_area(body, areas)
    return replace(exchange, areas=areas, area=named or only_area(body, areas))


def _with_corrected_area(exchange: Exchange) -> Exchange:
    """Which area they mean after all, where they say that and no more, soon, before anybody began.

    "Lift to Todmorden please" is no such thing. Whatever is less clear is for a person to read.
    """
    texter, body, session = exchange.texter, exchange.text.body, exchange.session
    if texter.request_id is None or len(body) > _LONGEST_PLACE:
        return exchange
    areas, keywords = places.areas(session, texter.line_id), exchange.rules.config.keywords
    area = corrected_area(body, areas, keywords.polite | keywords.meant)
    if area is None or area.group_id == texter.request_group_id:
        return exchange
    may = conversations.may_correct_area(session, texter.request_id, exchange.text.at)
    return replace(exchange, area=area) if may else exchange


def _says_only_where(exchange: Exchange) -> bool:
    body, texter = exchange.text.body, exchange.texter
    if texter.request_id is not None or len(body) > _LONGEST_PLACE:
        return False
    areas = exchange.areas or places.areas(exchange.session, texter.line_id)
    return only_area(body, areas) is not None


def _too_often(exchange: Exchange) -> bool:
    most = exchange.rules.config.limits.caller.texts
    # A volunteer answers for many neighbours.
    return bool(most) and exchange.texter.theirs_lately > most and not exchange.texter.volunteer_id


def _in_flood(exchange: Exchange) -> bool:
    texter, limits = exchange.texter, exchange.rules.config.limits
    line, everybody = limits.line.texts, limits.everybody.texts
    over = (
        (line and texter.to_line_now > line)
        or (everybody and texter.to_all_now > everybody)
        # Or slowly, but all day long.
        or (line and texter.opened_today >= min(line * DAYS_REQUESTS, conversations.MOST_LOOKED_AT))
    )
    return bool(over) and texter.is_stranger and not texter.volunteer_id


def _says(exchange: Exchange, letter: str, *, helped: bool) -> bool:
    if exchange.answer.letter is None:
        # "Done" says nothing of whether they can.
        said = exchange.said.helped if exchange.said.answers[0].outcome is None else None
        can = said if exchange.answer.can is None else exchange.answer.can
        return bool(exchange.helps) and can is helped
    return exchange.answer.letter == letter


def _has_just_said_so(exchange: Exchange) -> bool:
    said, volunteer_id = exchange.answer, exchange.texter.volunteer_id
    # "4821 done" means one thing, and so does C: A and B are what they were asked first.
    means_one = said.in_words or said.outcome in (Outcome.SOMEONE_ELSE, Outcome.WORRIED)
    if volunteer_id is None or len(exchange.asked) != 1 or means_one:
        return False
    return answers.has_just_said_so(
        exchange.session, volunteer_id, exchange.asked[0].request_id, exchange.text.at
    )


def _rang_since(exchange: Exchange) -> bool:
    questions = exchange.asked
    return len(questions) == 1 and asked.promised_since(
        exchange.session, questions[0].request_id, questions[0].text_id
    )


def _facts(exchange: Exchange) -> TextFacts:
    said, texter, answer = exchange.said, exchange.texter, exchange.answer
    outcome, last = answer.outcome, exchange.last_said
    knows_area = texter.group_id is not None or exchange.area is not None
    # "Yes" answers what was asked last, and nothing before it.
    is_in_place = not said.in_a_word or (last is not None and last.text_id == texter.question_id)
    answers_outcome = texter.volunteer_id is not None and (
        answer.code is not None or bool(exchange.asked)
    )
    return TextFacts(
        said_stop=said.stop,
        # YES is also what people say; it is the carrier's word only after STOP.
        said_start=said.start and texter.opted_out,
        # Whom we ask about a neighbour is heard, whatever they did as a caller of their own.
        is_blocked=texter.is_blocked and not (exchange.helps or answers_outcome),
        texts_too_often=_too_often(exchange),
        was_told_so=texter.told_too_many_lately > 0,
        is_in_flood=_in_flood(exchange),
        said_it_already=texts.already_said(exchange.session, exchange.text, ECHO),
        answers_help=bool(exchange.helps),
        has_several_helps=answer.code is None and len(exchange.helps) + len(exchange.asked) > 1,
        says_can=_says(exchange, CAN_HELP, helped=True),
        says_cannot=_says(exchange, CANNOT_HELP, helped=False),
        is_still_needed=bool(exchange.helps) and exchange.helps[0].is_still_needed,
        answers_outcome=answers_outcome,
        knows_code=len(exchange.asked) == 1,
        has_several_codes=len(exchange.asked) > 1,
        has_just_said_so=_has_just_said_so(exchange),
        takes_it_back=answer.can is False or said.helped is False,
        says_done=outcome is Outcome.DONE,
        rang_since=outcome is Outcome.DONE and _rang_since(exchange),
        says_needs_help=outcome is Outcome.NEEDS_HELP,
        says_someone_else=outcome is Outcome.SOMEONE_ELSE,
        says_worried=outcome is Outcome.WORRIED,
        asks_to_be_rung=said.call,
        answers_question=said.helped is not None and texter.question_id is not None and is_in_place,
        was_helped=bool(said.helped),
        asks_for_nothing=last is not None
        and (said.is_polite or (said.is_figure and texter.request_id is None)),
        has_open_request=texter.request_id is not None,
        tells_area=exchange.area is not None and texter.request_id is not None,
        # Thanks to whatever we answered last need no answer.
        is_acknowledged=texter.acknowledged_lately > 0
        or (said.is_polite and texter.answers_lately > 0),
        has_words=not said.is_empty,
        has_media=exchange.text.media_count > 0,
        knows_area=knows_area or len(exchange.areas) < 2,
        says_only_where=_says_only_where(exchange),
    )
