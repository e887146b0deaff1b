"""Killed at every commit of every form of the pages: it is done wholly, or not at all, and once."""

import os
import re
from collections import Counter
from contextlib import closing

import pytest

from tests.chaos.afresh import RECOVERS_WITHIN, a_helpline
from tests.chaos.at_the_pages import AtThePages, EveryForm, Story, change
from tests.chaos.auditor import audit
from tests.chaos.failpoints import LOOKS_EVERY, Failpoints
from tests.chaos.findings import Report
from tests.chaos.forms import SUBJECTS
from tests.chaos.standing import standing
from tests.harness import Helpline

# Who presses again to see something has looked twice, and that is on record.
LOOKED = re.compile(r"audit_log: .* event=(number_shown|person_exported) ")
Texts = dict[str, list[str]]


def told(
    name: str, dies_at: EveryForm | None, undisturbed: Story | None, url: str | None
) -> tuple[Story, Counter[str], Texts, Report]:
    """The story, and a minute after its end how all stands, who was texted, and what is amiss."""
    with a_helpline(url) as helpline, closing(Failpoints(helpline, dies_at)) as points:
        at = AtThePages(helpline, points, undisturbed)
        SUBJECTS[name].tell(at)
        helpline.wait(seconds=RECOVERS_WITHIN.total_seconds() + LOOKS_EVERY + 5)
        now = helpline.clock.now()
        report = audit(helpline.network, helpline.engine, helpline.script, now, RECOVERS_WITHIN)
        return at.story, standing(helpline.engine), _texts(helpline), report


def _texts(helpline: Helpline) -> Texts:
    """Who was texted which prompts."""
    messages = helpline.network.texts.messages.values()
    found: Texts = {}
    for message in messages:
        if message.direction != "inbound":
            prompt, _ = helpline.script.text(message.body)
            found.setdefault(message.to_number, []).append(prompt)
    return {number: sorted(prompts) for number, prompts in found.items()}


def pressed_again(name: str, url: str | None) -> int:
    """Every form of the story dies at the same step, step by step; how many forms died."""
    story, stands, texts, report = told(name, None, None, url)
    assert not report.findings, report.table()
    assert {door.removeprefix("form ") for door in story.doors} == SUBJECTS[name].forms
    died = 0
    for dies_at in STEPS:
        again, stands_then, texts_then, report = told(name, dies_at, story, url)
        assert not report.findings, (dies_at, report.table())
        assert not again.halves, (dies_at, again.halves)
        died += len(again.died)
        if SUBJECTS[name].alike:
            more, less = change(stands, stands_then)
            assert texts_then == texts, dies_at
            assert not less, (dies_at, less)
            assert not [row for row in more if not LOOKED.match(row)], (dies_at, more)
    return died


# None of them commits more than once; a second commit would be tried as well. Before one, nothing
# has happened; what is pressed again after it must be known again, and is tried always.
EVERY_STEP = tuple(EveryForm(nth, when) for nth in (1, 2) for when in ("before", "after"))
STEPS = EVERY_STEP if os.environ.get("EVERY_STEP") else (EveryForm(1, "after"),)


def test_every_form_has_a_subject(helpline: Helpline) -> None:
    """One that is in none would never be tried: give it to a subject of tests/chaos/forms.py."""
    told_of = frozenset().union(*(subject.forms for subject in SUBJECTS.values()))
    forms = {
        rule.endpoint
        for rule in helpline.app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.endpoint.startswith("phone.")
    }
    assert forms == told_of


@pytest.mark.parametrize("name", SUBJECTS)
def test_pressing_again_does_no_harm(name: str) -> None:
    assert pressed_again(name, None) > 0


@pytest.mark.parametrize("name", SUBJECTS if os.environ.get("EVERY_STEP") else ["by links"])
def test_on_postgresql_as_well(name: str, emptied: str) -> None:
    assert pressed_again(name, emptied) > 0
