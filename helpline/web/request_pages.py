"""Puts a request's page together: how it stands, its story, and the forms of whoever asks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from wtforms.fields import SelectChoice

from helpline.config.decided import Wording
from helpline.helping import matching
from helpline.helping.matching import Matches
from helpline.models import Kind, Request
from helpline.phone_numbers import national
from helpline.request_states import State
from helpline.stories import sheets, tags
from helpline.stories.sheets import Sheet
from helpline.texting import by_hand, kept_aside
from helpline.texting.by_hand import Outlook, WhyNot
from helpline.web import cards, ringing_through, story_words
from helpline.web.access import asker, group, is_coordinator
from helpline.web.cards import STATE_WORDS
from helpline.web.house import house, now
from helpline.web.noted_words import OUTCOME_WORDS, Choices
from helpline.web.opening import the_request
from helpline.web.request_forms import FORMS, NOBODY, NOT_SAID, ChangeForm, fresh
from helpline.web.ringing_through import RingBlock
from helpline.web.story_words import by_day, news
from helpline.web.today import HOW_WORDS
from helpline.web.wording import clock, language, zone

WHY_NOT_WORDS: Final = {
    WhyNot.WITHHELD: lazy_gettext("Their number was withheld, so they cannot be texted."),
    WhyNot.LANDLINE: lazy_gettext("They rang from a landline, which takes no texts. Please ring."),
    WhyNot.STOPPED: lazy_gettext("They have said STOP: the line may not text them."),
    WhyNot.NO_TEXTS: lazy_gettext("Their card says: do not text. Please ring."),
}
# What a volunteer who has the request may do; the rest is for coordinators.
_HOLDERS: Final = frozenset({"note", "text", "done", "say", "heard"})


@dataclass(frozen=True)
class Sent:
    """A form that was sent, by its name, and could not be done: it is shown again as it was."""

    name: str
    form: ChangeForm
    changed_meanwhile: bool = False


@dataclass(frozen=True)
class _Opened:
    """A request as somebody opens it; `tag` is another one whenever its page says anything else."""

    request: Request
    ring: RingBlock
    tag: str


@dataclass(frozen=True)
class _Block:
    """What a request's page shows, apart from its forms."""

    opened: _Opened
    sheet: Sheet
    outlook: Outlook
    others: Mapping[str, Any] = field(default_factory=dict)


def page(
    request_id: int, sent: Sent | None = None, status: int = 200, number: str | None = None
) -> ResponseReturnValue:
    """The page, as an answer. `number` is the caller's, where it was asked for just now."""
    with house().database.reading() as reading:
        block = _block(reading, _opened(reading, request_id))
    return render_template("requests/show.html", **_shown(block, sent, number)), status


def live(request_id: int, seen: str) -> Response:
    """What of the page may change, where it is another than was `seen`, a tag of it; else 204."""
    with house().database.reading() as reading:
        opened = _opened(reading, request_id)
        block = None if opened.tag == seen else _block(reading, opened)
    answer = (
        make_response("", 204)
        if block is None
        else make_response(render_template("requests/_live.html", **_shown(block)))
    )
    answer.headers["X-As-Of"] = clock(now())
    return answer


def _opened(session: Session, request_id: int) -> _Opened:
    found = the_request(session, request_id)
    ring = ringing_through.block(session, found)
    return _Opened(found, ring, f"{tags.tag(session, found.id, now())}-{ring.tag}")


def _shown(block: _Block, sent: Sent | None = None, number: str | None = None) -> dict[str, object]:
    """Everything that the templates say."""
    found = block.opened.request
    choices = _choices(block.sheet, shows_numbers=number is not None)
    # Before the forms: from then on, the one that was sent says that it was shown just now.
    meanwhile = _news(block.sheet, sent, choices)
    forms = dict(_forms(block.sheet, sent))
    return {
        "sheet": block.sheet,
        "found": found,
        "tag": block.opened.tag,
        "ring": block.opened.ring,
        "outlook": block.outlook,
        "why_no_text": WHY_NOT_WORDS.get(block.outlook.why_not) if block.outlook.why_not else None,
        "days": by_day(block.sheet.story, choices),
        "news": meanwhile,
        "sent": sent,
        "forms": forms,
        "number": national(number) if number is not None else None,
        "dialled": number,
        "category": choices.category,
        "urgency": choices.urgency,
        "reason": choices.reason,
        "state_words": STATE_WORDS,
        "card_states": STATE_WORDS,
        "outcome_words": OUTCOME_WORDS,
        "how_words": HOW_WORDS,
        "is_mine": found.volunteer_id == asker().volunteer_id,
        "is_offer": found.kind is Kind.OFFER,
        "most_segments": by_hand.MOST_SEGMENTS,
        **block.others,
    }


def _block(session: Session, opened: _Opened) -> _Block:
    found = opened.request
    sheet = sheets.sheet(session, found, now(), to_hand_on=is_coordinator())
    card = cards.block(session, found, group().id)
    outlook = by_hand.outlook(
        house().rules,
        found,
        sheet.line,
        sheet.caller_row,
        zone(),
        now(),
        opted_out=card is not None and card.opted_out,
    )
    others = {
        "card": card,
        "matching": _matching(session, found),
        "kept_aside": kept_aside.count(session, found.id) if kept_aside.is_shared(found) else 0,
    }
    return _Block(opened, sheet, outlook, others)


def _matching(session: Session, found: Request) -> Matches | None:
    """Who could help, for coordinators."""
    if not is_coordinator():
        return None
    return matching.matches(session, found, group().id, asker().volunteer_id, now())


def _choices(sheet: Sheet, *, shows_numbers: bool) -> Choices:
    words, spoken = house().rules.config.requests, language()
    return Choices(
        caller=sheet.called or sheet.caller or gettext("Somebody with a withheld number"),
        category=partial(words.category, language=spoken),
        urgency=partial(words.urgency, language=spoken),
        reason=partial(words.reason, language=spoken),
        shows_numbers=shows_numbers,
    )


def _news(sheet: Sheet, sent: Sent | None, choices: Choices) -> list[story_words.Entry]:
    """What has happened since the form that was sent was shown: the other one's change."""
    since = sent.form.shown_at if sent is not None and sent.changed_meanwhile else None
    return [] if since is None else list(news(sheet.story, since, choices))


def _forms(sheet: Sheet, sent: Sent | None) -> Iterator[tuple[str, ChangeForm]]:
    """Every form that whoever asks may send, by its name; the one that was sent as it was sent."""
    for name in FORMS:
        if not is_coordinator() and name not in _HOLDERS:
            continue
        form = fresh(name) if sent is None or sent.name != name else sent.form
        choose_words(name, form, sheet.request)
        _choose_people(name, form, sheet)
        if sent is None or sent.name != name:
            _fill(name, form, sheet)
        form.seen(sheet.request.version, now())
        yield name, form


def choose_words(name: str, form: Any, found: Request) -> None:
    """Give a form the words of config.yaml to choose from, before it is checked or shown."""
    words = house().rules.config.requests
    if name == "describe":
        form.category.choices = _with(words.categories, found.category, words.category)
        form.urgency.choices = _with(words.urgencies, found.urgency, words.urgency)
    elif name == "not_met":
        form.reason.choices = _with(words.reasons, None, words.reason)


def _choose_people(name: str, form: Any, sheet: Sheet) -> None:
    if name == "hand":
        people = [SelectChoice(str(each), person) for each, person in sheet.people]
        form.to.choices = [SelectChoice(NOBODY, gettext("nobody")), *people]
    elif name == "other_group":
        form.to.choices = [SelectChoice(str(each), name) for each, name in sheet.groups]


def _with(choices: Wording, chosen: str | None, say: Any) -> list[SelectChoice]:
    """The choices of config.yaml, and what was chosen before it was left out there."""
    keys = [*choices, *([chosen] if chosen is not None and chosen not in choices else [])]
    said = (SelectChoice(key, say(key, language())) for key in keys)
    return [SelectChoice(NOT_SAID, "–"), *said]


def _fill(name: str, form: Any, sheet: Sheet) -> None:
    """What a form says before anybody touches it."""
    found = sheet.request
    match name:
        case "hand":
            form.to.data = str(found.volunteer_id) if found.volunteer_id is not None else NOBODY
        case "describe":
            form.category.data = found.category or NOT_SAID
            form.urgency.data = found.urgency or NOT_SAID
        case "due" if found.due_at is not None and sheet.state is State.OPEN:
            form.due.data = found.due_at.astimezone(zone()).replace(tzinfo=None)
