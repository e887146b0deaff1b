"""What people do at the pages, subject by subject: every form that there is."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType

from helpline.models import Callback, Kind, Pattern, Request, RotaEdit, Text, Volunteer
from helpline.requests import SHARED_CODE
from simulator.phones import NothingHappened
from tests.chaos.at_the_pages import AtThePages
from tests.harness import TODMORDEN, VALLEY_LINE
from tests.people import Neighbour, OnThePhone
from tests.web.conftest import Browser, Page
from tests.web.test_kept_aside import flooded

NEW_NUMBER = "07700 900301"


def _texter(at: AtThePages, words: str = "Could someone walk Rex?") -> Neighbour:
    sam = at.helpline.mobile()
    sam.texts(words)
    at.helpline.wait(seconds=5)
    return sam


def _page_of(at: AtThePages, who: Neighbour, more: str = "") -> str:
    return at.of_group(f"/requests/{at.helpline.requests_of(who)[-1].id}{more}")


def _a_request(at: AtThePages) -> None:
    """Carol has it, says what it is, hands it on; Ada says how it went."""
    carol, ada = at.as_("Carol"), at.as_("Ada")
    sam = _texter(at)
    own = _page_of(at, sam)
    at.presses(carol.opens(own), "/take")
    described = {"describe-category": "dog_walking", "describe-urgency": "now"}
    at.presses(carol.opens(own), "/describe", **described)
    at.presses(carol.opens(own), "/due", **{"due-due": "2026-03-05T17:30"})
    at.presses(carol.opens(own), "/note", **{"note-words": "Rex bites"})
    at.presses(carol.opens(own), "/text", **{"text-words": "Ada comes at four."})
    at.presses(carol.opens(own), "/number")
    at.presses(carol.opens(f"{own}/card"), called="Mrs Kowalska", approach="Knock")
    to = str(at.helpline.people["Ada"].id)
    at.presses(carol.opens(own), "/hand", **{"hand-to": to})
    at.presses(ada.opens(own), "/say", **{"say-outcome": "needs_help"})
    at.presses(carol.opens(own), "/done")
    at.presses(carol.opens(own), "/open-again")
    not_met = {"not_met-reason": "nobody_near", "not_met-words": "Too far"}
    at.presses(carol.opens(own), "/not-met", **not_met)
    other = _texter(at, "Bread, please")
    at.presses(carol.opens(_page_of(at, other)), "/withdraw")


def _callbacks(at: AtThePages) -> None:
    """Who rang off is rung back, or is not; a voicemail is heard."""
    carol = at.as_("Carol")
    edna = at.helpline.landline()
    edna.calls().waits(40).hangs_up()
    at.helpline.wait(seconds=5)
    assert len(at.helpline.rows(Callback)) == 1
    own = _page_of(at, edna)
    at.presses(carol.opens(own), "/ring-back")
    at.presses(carol.opens(own), "/no-callback")
    sam = at.helpline.mobile()
    call = sam.calls().presses("3").hears("welcome", "leave_message")
    call.says("My heating is off", seconds=8).hangs_up()
    at.helpline.wait(seconds=10)
    at.presses(carol.opens(_page_of(at, sam)), "/heard")


def _whom_it_concerns(at: AtThePages) -> None:
    """Who could help is asked, and answers; another group is handed it; somebody is turned away."""
    helpline, carol = at.helpline, at.as_("Carol")
    helpline.valley()
    helpline.coordinator("Tina", TODMORDEN)
    sam = _texter(at, "Please fetch my tablets")
    own = _page_of(at, sam)
    at.presses(carol.opens(own), "/describe", **{"describe-category": "prescription"})
    at.presses(carol.opens(own), f"/match/volunteers/{helpline.people['Ada'].id}")
    kim = _texter(at, "I could help with anything")
    with helpline.database.unit_of_work() as session:
        session.get_one(Request, helpline.request_of(kim).id).kind = Kind.OFFER
    at.presses(carol.opens(own), f"/match/offers/{helpline.request_of(kim).id}")
    offer = helpline.request_of(kim).id
    at.presses(carol.opens(_page_of(at, kim)), f"/people/from-offer/{offer}")
    may = helpline.mobile()
    may.texts("Bread, please. HX7 8AB", line=VALLEY_LINE)
    helpline.wait(seconds=5)
    to = str(helpline.group_named(TODMORDEN))
    at.presses(carol.opens(_page_of(at, may)), "/other-group", **{"other_group-to": to})
    new = carol.opens(at.of_group("/blocks/new"))
    listed = at.presses(new, number="07700 900555", reason="shouts", until="2026-03-10")
    at.presses(listed, "/end")
    known = carol.opens(_page_of(at, sam, "/caller"))
    at.presses(known, "/export")
    at.presses(at.presses(known, "/erase"), "/keep")


def _people(at: AtThePages) -> None:
    """Somebody joins, is spoken with, pauses, changes, is away, and leaves."""
    carol, of = at.as_("Carol"), at.of_group
    at.presses(carol.opens(of("/people/new")), name="Nia", number=NEW_NUMBER)
    nia = next(row.id for row in at.helpline.rows(Volunteer) if row.name == "Nia")
    own = of(f"/people/{nia}")
    at.presses(carol.opens(own), "/induction", step="references", done="yes")
    at.presses(carol.opens(own), "/number")
    at.presses(carol.opens(own), "/pause", until="2026-03-10")
    at.presses(carol.opens(own), "/pause/end")
    at.presses(carol.opens(own), "/coordinator")
    at.presses(carol.opens(f"{own}/edit"), "/edit", name="Nia Jones", area="Birchcliffe")
    at.presses(carol.opens(f"{own}/edit"), "/change-number", number="07700 900302")
    at.as_("Nia Jones")
    at.presses(carol.opens(own), "/end")
    known = carol.opens(f"{own}/known")
    at.presses(known, "/export")
    at.presses(at.presses(known, "/erase"), "/keep")
    at.presses(carol.opens(f"{own}/remove"))


def _the_rota(at: AtThePages) -> None:
    """Holes are filled, shifts moved, patterns written, and all of it undone."""
    at.helpline.on_shift("Ada", "Bob", hours="08:00-12:00")
    carol, of, who = at.as_("Carol"), at.of_group, at.helpline.people
    hole = of("/rota/fill/gap-2026-03-04-1200-1800")
    at.presses(carol.opens(hole), volunteer=who["Carol"].id)
    edit = at.helpline.rows(RotaEdit)[-1].id
    at.presses(carol.opens(of("/rota/history")), f"/undo/{edit}")
    chosen = {"else.gap-2026-03-04-1200-1800": "Carol"}
    at.presses(carol.opens(of("/rota/fill-week")), "/fill-week", **chosen)
    week = carol.opens(of("/rota?week=2026-W11"))
    onto = {"off": "1-2026-03-10", "onto": "gap-2026-03-10-1200-1800"}
    at.presses(week, "/drag", volunteer=who["Ada"].id, **onto)
    shift = carol.opens(of("/rota/shifts/1-2026-03-05"))
    _saves(at, at.presses(shift, "/take-off", volunteer=who["Bob"].id))
    swapped = at.presses(
        carol.opens(of("/rota/shifts/1-2026-03-06")),
        "/replace",
        old=who["Ada"].id,
        new=who["Carol"].id,
    )
    _saves(at, swapped)
    moved = {"on": "2026-03-07", "start": "13:00", "end": "18:00"}
    _saves(at, at.presses(carol.opens(of("/rota/shifts/1-2026-03-07")), "/move", **moved))
    _saves(at, at.presses(carol.opens(of("/rota/shifts/1-2026-03-08")), "/cancel"))
    added = {"on": "2026-03-09", "start": "20:00", "end": "22:00"}
    at.presses(carol.opens(of("/rota/add")), "/add", **added)
    sentence = "Mon 14:00-18:00 Carol"
    _saves(at, at.presses(carol.opens(of("/rota/patterns/new")), sentence=sentence))
    changed = {"people": "Carol", "starts_on": "2026-03-16"}
    _saves(at, at.presses(carol.opens(of("/rota/patterns/1")), "/patterns/1", **changed))
    ends = carol.opens(of(f"/rota/patterns/{at.helpline.rows(Pattern)[-1].id}"))
    _saves(at, at.presses(ends, "/end", from_date="2026-03-23"))


def _saves(at: AtThePages, page: Page) -> None:
    """Go on, where there is something to consider first."""
    if any(to.endswith("/save") for to, _ in page.forms()):
        at.presses(page, "/save")


def _days_off(at: AtThePages) -> None:
    """Leave and holidays, for others; and a rota that comes back as a spreadsheet."""
    at.helpline.on_shift("Ada", "Bob", hours="08:00-12:00")
    carol, of = at.as_("Carol"), at.of_group
    days = {"first": "2026-03-04", "last": "2026-03-05"}
    away = {"volunteer": at.helpline.people["Ada"].id, **days}
    _saves(at, at.presses(carol.opens(of("/rota/leave")), "/leave", **away))
    _saves(at, at.presses(carol.opens(of("/rota/leave")), "/leave/end"))
    closed = {"on": "2026-03-10", "name": "Wakes week"}
    _saves(at, at.presses(carol.opens(of("/rota/holidays")), "/holidays", **closed))
    _saves(at, at.presses(carol.opens(of("/rota/holidays")), "/holidays/open"))
    file = b"date,from,to,name\n2026-03-11,13:00,18:00,Carol\n"
    brought = at.presses(
        carol.opens(of("/rota/spreadsheets")),
        "/rota/import",
        file=lambda: (BytesIO(file), "rota.csv"),
    )
    at.presses(brought, "/import/save")


def _ones_own(at: AtThePages) -> None:
    """Ada takes a shift, asks for a swap, goes away, and writes down what she heard."""
    helpline = at.helpline
    helpline.on_shift("Ada", "Bob", hours="08:00-12:00")
    ada, carol = at.as_("Ada"), at.as_("Carol")
    taken = at.presses(ada.opens("/me"), "/open-shifts/take")
    at.presses(taken, f"/undo/{helpline.rows(RotaEdit)[-1].id}")
    at.presses(ada.opens("/me"), "/swaps")
    at.presses(ada.opens("/me"), "/withdraw")
    at.presses(ada.opens("/me"), "/swaps")
    asked = at.presses(carol.opens("/me"), "/take")
    if "Before you take it" in asked.text:
        at.presses(asked)
    days = {"first": "2026-03-09", "last": "2026-03-11"}
    at.presses(at.presses(ada.opens("/me/leave"), "/me/leave", **days), "/leave/save")
    at.presses(ada.opens("/me/leave"), "/leave/end")
    at.presses(ada.opens("/me/calendar"), "/me/calendar/renew")
    at.presses(carol.opens("/me/calendar"), "/calendar/renew")


def _by_links(at: AtThePages) -> None:
    """What is answered by the links in texts, without signing in."""
    helpline, carol = at.helpline, at.as_("Carol")
    ada = helpline.on_shift("Ada")
    sam = helpline.mobile()
    call = sam.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(call)
    call.waits(60).hangs_up()
    helpline.wait(seconds=90)
    nobody = at.pages.nobody()
    link = _link_in(ada, "/r/")
    at.presses(nobody.opens(link), note="The dog is called Rex", outcome="needs_help")
    tim = _texter(at, "Please fetch my tablets")
    at.presses(carol.opens(_page_of(at, tim)), "/describe", **{"describe-category": "shopping"})
    at.presses(carol.opens(_page_of(at, tim)), f"/match/volunteers/{ada.id}")
    helpline.wait(seconds=90)
    at.presses(nobody.opens(_link_in(ada, "/h/")), "/can")


def _link_in(who: Neighbour, kind: str) -> str:
    """The path of the last link of this kind that somebody was texted."""
    links = [
        word.partition("helpline.example")[2].rstrip(".")
        for text in who.texts_from_us
        for word in text.body.split()
        if kind in word
    ]
    return links[-1]


def _what_rings(at: AtThePages) -> None:
    """Carol rings a neighbour through the line, and listens to a prompt."""
    carol = at.as_("Carol")
    sam = _texter(at)
    own = _page_of(at, sam)
    at.presses(carol.opens(own), "/ring")
    ring = _rings(at, lambda: carol.opens(own).sends("/ring")).picks_up().presses("1")
    sam.rings(30).picks_up().waits(5)
    ring.waits(20).hangs_up()
    at.helpline.wait(seconds=30)
    words = at.of_group("/words")
    at.presses(carol.opens(words), "/hear", prompt="welcome")
    _rings(at, lambda: carol.opens(words).sends("/hear", prompt="welcome")).picks_up().waits(10)


def _rings(at: AtThePages, asks_again: Callable[[], object]) -> OnThePhone:
    """Carol's telephone rings; where it does not for half a minute, she asks again."""
    carol = at.helpline.people["Carol"]
    try:
        return carol.rings(10)
    except NothingHappened:
        at.helpline.wait(seconds=31)
        asks_again()
        return carol.rings(20)


def _signing_in(at: AtThePages) -> None:
    """By a code; from two browsers, one of which is signed out by the other."""
    ada = at.helpline.people["Ada"]
    asked = at.presses(at.pages.nobody().opens("/sign-in"), name="Ada")
    at.helpline.wait(seconds=90)
    at.presses(asked, code=ada.texts_from_us[-1].body[:6])
    at.as_("Ada")
    at.presses(at.as_("Ada").opens("/me/visits"), "/end")
    at.as_("Ada")
    second = at.as_("Ada")
    at.presses(second.opens("/me/visits"), "/end-others")
    at.sends(second, "/sign-out", _sign_out(second))
    link = at.pages.nobody().opens(f"/sign-in/link/{at.pages.link_for('Ada')}")
    at.presses(link)


def _sign_out(browser: Browser) -> dict[str, str]:
    return dict(next(f for to, f in browser.opens("/me").forms() if to.endswith("/sign-out")))


def _kept_aside(at: AtThePages) -> None:
    """Texts of a flood, and a neighbour among them."""
    helpline = at.helpline
    _, _ = flooded(helpline, "I need insulin", "Win a prize")
    [shared] = helpline.rows(Request, code=SHARED_CODE)
    page = at.as_("Carol").opens(at.of_group(f"/requests/{shared.id}/kept-aside"))
    [first, _] = helpline.rows(Text, request_id=shared.id, direction="incoming")
    at.presses(at.presses(page, "/open", text=str(first.id)), "/close")


@dataclass(frozen=True)
class Subject:
    """What people do about one thing, and the forms that this is there for, by their endpoints.

    `alike`: not where what is lost is asked for again, so that it is another each time.
    """

    tell: Callable[[AtThePages], None]
    forms: frozenset[str]
    alike: bool = True


def _of(page: str, *forms: str) -> Iterator[str]:
    return (f"{page}.{form}" for form in forms)


def _subject(
    tell: Callable[[AtThePages], None], *forms: Iterable[str], alike: bool = True
) -> Subject:
    return Subject(tell, frozenset().union(*forms), alike)


SUBJECTS: Mapping[str, Subject] = MappingProxyType(
    {
        "a request": _subject(
            _a_request,
            _of("request_changes", "take", "describe", "due", "note", "text", "number", "hand"),
            _of("request_changes", "say", "done", "open_again", "not_met", "withdraw"),
            ["cards.change"],
        ),
        "callbacks": _subject(
            _callbacks,
            _of("request_changes", "ring_back", "no_callback"),
            ["recordings.heard"],
        ),
        "whom it concerns": _subject(
            _whom_it_concerns,
            _of("request_changes", "describe", "other_group"),
            _of("matching", "ask_volunteer", "ask_offer"),
            _of("blocks", "add", "end"),
            _of("erasing", "export_caller", "erase_caller", "keep_caller"),
            ["people.from_offer"],
        ),
        "people": _subject(
            _people,
            _of("people_changes", "induct", "pause", "end_pause", "coordinate", "edit"),
            _of("people_changes", "change_number", "end_visit", "remove"),
            _of("erasing", "export_volunteer", "erase_volunteer", "keep_volunteer"),
            ["people_joining.add", "people.show_number"],
        ),
        "the rota": _subject(
            _the_rota,
            _of("rota", "fill", "undo", "fill_all", "take_off", "replace", "move", "save"),
            _of("rota", "cancel", "add_one", "make_pattern", "make_change", "end_pattern", "drag"),
        ),
        "days off": _subject(
            _days_off,
            _of("rota", "take_leave", "end_leave", "close", "open_day", "save"),
            _of("spreadsheets", "import_", "save"),
        ),
        "one's own": _subject(
            _ones_own,
            _of("mine", "take_open", "undo", "ask_swap", "withdraw_swap", "take_swap"),
            _of("my_leave", "look", "save", "end"),
            _of("calendars", "renew", "renew_group"),
        ),
        "by links": _subject(
            _by_links,
            ["link.add", "request_changes.describe", "matching.ask_volunteer", "helping.say"],
        ),
        "kept aside": _subject(_kept_aside, _of("kept_aside", "open_own", "close")),
        "what rings": _subject(_what_rings, ["ringing_through.ring", "words.hear"], alike=False),
        "signing in": _subject(
            _signing_in,
            _of("sign_in", "ask", "code", "out", "link"),
            _of("visits", "end", "end_others"),
            alike=False,
        ),
    }
)
