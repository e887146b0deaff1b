"""config.yaml is edited while real programs run: it is used within seconds, and nobody notices."""

import time
from collections.abc import Callable

from tests.queue_workers.workshop import until
from tests.running.web import Web
from tests.settings.folders import with_edits

OLD, NEW = "there is no helpline on this number", "nobody is at home on this number"
SLIP = {'talk: "1"': 'talk: "0"'}


def within_seconds(happens: Callable[[], bool]) -> None:
    began = time.monotonic()
    until(happens)
    assert time.monotonic() - began < 20


def test_who_rings_while_it_is_edited_is_answered_and_soon_by_the_new_one(web: Web) -> None:
    with web.while_people_ring() as heard:
        until(lambda: heard)
        with_edits(web.folder, {OLD: NEW})
        # Of the two that answer, each is a new one.
        within_seconds(lambda: len(heard) > 50 and all(NEW in words for words in heard[-50:]))
    assert OLD in heard[0]
    assert [words for words in heard if OLD not in words and NEW not in words] == []


def test_a_slip_leaves_the_last_good_one_in_use_and_health_says_so(web: Web) -> None:
    before = web.rings()
    with_edits(web.folder, SLIP)
    within_seconds(lambda: web.config().startswith("config.yaml does not load"))
    assert web.rings() == before
    with_edits(web.folder, {})
    within_seconds(lambda: web.config() == "well")
