"""What comes about on few days of a helpline's, or by night: scenarios like all the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import update

from helpline.config.limits import Most
from helpline.models import (
    Callback,
    CallbackStatus,
    CanaryRun,
    Direction,
    Erasure,
    InductionTick,
    Leg,
    Line,
    Membership,
    Text,
    TextStatus,
    Volunteer,
)
from helpline.privacy import erasures, whole_person
from helpline.rota_views import news
from helpline.volunteers import LONGEST_RINGING
from helpline.watching import heartbeats
from helpline.watching.canary import MAY_LAST
from helpline.when.spans import Span
from tests.abuse.test_too_many_calls import limits
from tests.abuse.test_whom_we_ring import PREMIUM
from tests.canary.cage import Cage
from tests.chaos.failpoints import TESTS_THE_LINE, WATCHES
from tests.chaos.people import Manner
from tests.chaos.scenario import EDNA, SAM, Scenario, crowd, scenario
from tests.conversations.test_all_at_once import rings_all_at_once
from tests.harness import HEBDEN, Helpline
from tests.keeping.conftest import as_kept, left_in

KIM = "+441632960151"
# By the clock on the wall; in ten seconds it is forgotten what is old.
BY_NIGHT = datetime(2026, 3, 4, 2, 59, 50, tzinfo=UTC)
A_YEAR = timedelta(days=365)
# When a test call that came to nothing is given up, the next one is made.
TESTED_EVERY = MAY_LAST


def _texted(helpline: Helpline, name: str) -> list[str]:
    """The prompts that somebody was texted, in order."""
    texts = helpline.people[name].texts_from_us
    return [helpline.script.text(text.body)[0] for text in texts]


def _far_too_often(helpline: Helpline) -> None:
    """Who seemed a robot presses a key after all; then two ring where there is no room."""
    limits(helpline, line=Most(1, 0), silent_calls=1)
    helpline.coordinator("Carol")
    people, call_later = crowd(helpline), helpline.clock.call_later
    people.ring(EDNA, Manner(leaves_after=5))
    is_there = Manner(keys="73", words="I was in the garden", hurries=True)
    call_later(70, lambda: people.ring(EDNA, is_there))
    call_later(75, lambda: people.ring(SAM, Manner(words="The step is loose"), "mobile"))
    withheld = Manner(words="It is about my heating", withheld=True)
    call_later(80, lambda: people.ring(KIM, withheld))


def _taken_in_vain(helpline: Helpline) -> None:
    """Bob presses 1, and never hears what we answer; who waits is not kept for him."""
    rings_all_at_once(helpline, "Ada", "Bob")
    helpline.coordinator("Carol")
    people = crowd(helpline, Ada="ignore", Bob="accept")
    people.ring(EDNA, Manner(keys="1", hurries=True, talks=10))
    slow = helpline.network.faults.webhooks
    helpline.clock.call_later(2.2, lambda: slow("slow", about="action"))


@dataclass(frozen=True)
class _Edited:
    """Whose shifts were changed."""

    volunteer_id: int
    added: tuple[Span, ...]
    removed: tuple[Span, ...] = ()


def _all_sorts(helpline: Helpline) -> None:
    """Ada's shifts were changed, Bob cannot be rung, Nia has done the last step that there still
    is; and a callback is said to be made, but nobody rings for it."""
    ada, bob = helpline.on_shift("Ada"), helpline.volunteer("Bob")
    carol, nia = helpline.coordinator("Carol"), helpline.volunteer("Nia")
    now, hebden = helpline.clock.now(), helpline.group_named(HEBDEN)
    tomorrow = now.replace(hour=0) + timedelta(days=1)
    edited = _Edited(ada.id, (Span(tomorrow, tomorrow + timedelta(days=1)),))
    with helpline.database.unit_of_work() as session:
        news.note(session, hebden, [edited], now - news.PAUSE)
        session.get_one(Volunteer, bob.id).number = PREMIUM
        session.get_one(Membership, (hebden, nia.id)).awaits_induction = True
        for step in helpline.config.induction:
            done = {"group_id": hebden, "volunteer_id": nia.id, "step": step}
            session.add(InductionTick(**done, ticked_at=now, ticked_by_id=carol.id))
    crowd(helpline).ring(EDNA, Manner(keys="3", words="The step is loose", hurries=True))
    helpline.clock.call_later(40, lambda: _nobody_rings(helpline))


def _nobody_rings(helpline: Helpline) -> None:
    later = helpline.clock.now() + LONGEST_RINGING
    owed = update(Callback).where(Callback.status == CallbackStatus.OWED)
    with helpline.database.unit_of_work() as session:
        session.execute(owed.values(status=CallbackStatus.RINGING, next_try_at=later))


def _not_all_sorts(helpline: Helpline) -> list[str]:
    """Each is told once, Nia is one of them, and somebody rings for whom it is said."""
    told = (*_texted(helpline, "Ada"), *_texted(helpline, "Carol"))
    once = ("shifts_added", "alert_volunteer_not_allowed")
    amiss = [f"{each}: {told.count(each)} times" for each in once if told.count(each) != 1]
    if any(member.awaits_induction for member in helpline.rows_of(Membership)):
        amiss.append("Nia still waits")
    is_made = CallbackStatus.RINGING in {each.status for each in helpline.rows(Callback)}
    if is_made and all(leg.ended_at is not None for leg in helpline.rows(Leg)):
        amiss.append("nobody rings for a callback")
    return amiss


class _Forgotten:
    """What is forgotten is in the database's files no more, either; `kept` is what was in them."""

    def __init__(self) -> None:
        self.kept: set[bytes] = set()

    def is_old(self, helpline: Helpline) -> None:
        """A text of a year ago, by night; the web side has the database open, too."""
        helpline.coordinator("Carol")
        crowd(helpline).text(SAM, "Could someone walk my dog?")
        old = Text(
            message_sid=f"SM{1:032}",
            direction=Direction.INCOMING,
            status=TextStatus.RECEIVED,
            line_id=helpline.rows(Line)[0].id,
            number=EDNA,
            body="Thank you for the bread",
            at=helpline.clock.now() - A_YEAR,
        )
        with helpline.database.unit_of_work() as session:
            session.add(old)
        self.kept = as_kept(helpline)

    def is_erased(self, helpline: Helpline) -> None:
        """Somebody asked for it three days ago."""
        helpline.coordinator("Carol")
        crowd(helpline).text(SAM, "Could someone walk my dog?")
        # If it is lost, it is found at the network soon.
        helpline.wait(seconds=65)
        self.kept = as_kept(helpline)
        asked_at = helpline.clock.now() - erasures.PAUSE
        with helpline.database.unit_of_work() as session:
            sam = whole_person.with_number(session, SAM)
            erasures.ask(session, sam, asked_at, by_id=None, group_id=None)

    def amiss(self, helpline: Helpline) -> list[str]:
        """What is there still."""
        year_ago = helpline.clock.now() - A_YEAR
        amiss = [f"text {text.id} is kept" for text in helpline.rows(Text) if text.at < year_ago]
        amiss += [f"erasure {each.id}" for each in helpline.rows(Erasure) if not each.done_at]
        gone = self.kept - as_kept(helpline)
        file = helpline.engine.url.database
        if helpline.engine.dialect.name == "sqlite" and file is not None:
            left = left_in(Path(file).parent, gone)
            amiss += [f"{len(left)} of {len(gone)} in the files"] if left else []
        return amiss


def _line_tests_itself(helpline: Helpline) -> None:
    """Again and again, while Ada is on shift."""
    helpline.on_shift("Ada")
    helpline.coordinator("Carol")
    Cage(helpline, every=TESTED_EVERY)


def _test_fails(helpline: Helpline) -> None:
    """The network does not ring the line the first time, and then it does."""
    _line_tests_itself(helpline)
    helpline.network.faults.rest("too_many", path="Calls")


def _not_well(helpline: Helpline) -> list[str]:
    """What failed is told once, and then that all is well; nobody's telephone rang."""
    amiss = []
    told, runs = _texted(helpline, "Carol"), helpline.rows(CanaryRun)
    if told not in ([], ["canary_failed", "canary_well"]):
        amiss.append(f"told {told}")
    if any(run.went_well is False for run in runs) != bool(told):
        amiss.append(f"told {told} of {[run.went_well for run in runs]}")
    if not runs[-1].went_well:
        amiss.append(f"the test calls went {[run.went_well for run in runs]}")
    rung = [who.phone for who in helpline.people.values() if who.phone.history]
    amiss += [f"{phone} rang" for phone in rung]
    amiss += [f"leg {leg.id}" for leg in helpline.rows(Leg)]
    calls = helpline.network.calls.values()
    return amiss + [f"{leg.call.sid} goes on" for leg in calls if not leg.call.is_over]


def _no_texts_go_out(helpline: Helpline) -> None:
    """The worker for texts is gone for good: the clock itself tells of it."""
    helpline.coordinator("Carol")
    helpline.clockwork.redis_is_there = False
    _lives(helpline)


def _lives(helpline: Helpline) -> None:
    """The worker for calls does."""
    with helpline.database.unit_of_work() as session:
        heartbeats.beat(session, heartbeats.WORKER, helpline.clock.now())
    helpline.clock.call_later(20, lambda: _lives(helpline))


def _not_told_once(helpline: Helpline) -> list[str]:
    told = _texted(helpline, "Carol")
    return [] if told == ["trouble_text_worker"] else [f"told {told}"]


_FORGOTTEN = _Forgotten()
SELDOM: Mapping[str, Scenario] = MappingProxyType(
    {
        "far too often": scenario(
            _far_too_often,
            140,
            *("calls/is_anybody_there", "calls/one_message", "calls/one_message_withheld"),
        ),
        "taken in vain": scenario(_taken_in_vain, 110, "calls/waiting"),
        "all sorts": scenario(
            _all_sorts,
            90,
            "clock recover callbacks",
            "clock tell of changed shifts",
            "clock end inductions",
            "clock tell of volunteers out of reach",
            amiss=_not_all_sorts,
        ),
        "is erased": scenario(
            _FORGOTTEN.is_erased, 70, "clock erase whoever asked for it", amiss=_FORGOTTEN.amiss
        ),
        "is old": scenario(
            _FORGOTTEN.is_old,
            50,
            "clock forget what is old",
            amiss=_FORGOTTEN.amiss,
            begins=BY_NIGHT,
        ),
        "the line tests itself": scenario(
            _line_tests_itself,
            240,
            *("ring_canary", "canary/accepting"),
            *("calls/incoming", "calls/main_menu", "calls/ring"),
            amiss=_not_well,
        ),
        "no texts go out": scenario(
            _no_texts_go_out, 300, WATCHES, amiss=_not_told_once, watched=True
        ),
        "its test fails": scenario(_test_fails, 420, TESTS_THE_LINE, amiss=_not_well),
    }
)
