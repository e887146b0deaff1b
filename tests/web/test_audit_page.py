"""The page of the audit log: every event in plain words, and this group's alone."""

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from helpline import audit
from helpline.auditing.reading import Line
from helpline.models import Outcome, Volunteer
from helpline.people import membership
from helpline.web.audit_words import EVENTS, sentence
from tests.harness import HEBDEN, ROOT, TODMORDEN
from tests.web.conftest import Browser, Page, Pages

SOURCES = [
    path for room in ("helpline", "ivr", "queue_workers") for path in (ROOT / room).rglob("*.py")
]
# What writes an event by its name, under each of the names that it is called by.
WRITERS = ("audit.write", "_note", "note", "membership.note")


@pytest.fixture
def carol(pages: Pages) -> Browser:
    """The coordinator's browser."""
    return pages.as_("Carol")


def address(pages: Pages, asked: str = "") -> str:
    """Where the log of Hebden Bridge is."""
    return f"/groups/{pages.helpline.group_named(HEBDEN)}/audit{asked}"


def rows(page: Page) -> list[str]:
    """What happened, the newest first."""
    found = re.findall(r"<td>(.*?)</td>", page.text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found[1::2]]


def writes(pages: Pages, event: str, **about: object) -> None:
    """Something happens in Hebden Bridge."""
    with pages.helpline.database.unit_of_work() as session:
        about = {"group_id": pages.helpline.group_named(HEBDEN), **about}
        audit.write(session, event, pages.helpline.clock.now(), **about)  # type: ignore[arg-type]


def id_of(pages: Pages, name: str) -> int:
    """The id of somebody."""
    return pages.helpline.people[name].id


def test_what_happened_in_words(pages: Pages, carol: Browser) -> None:
    ada, by = id_of(pages, "Ada"), id_of(pages, "Carol")
    writes(pages, "member_joined", volunteer_id=ada, by_id=by)
    writes(pages, "induction_ticked", volunteer_id=ada, by_id=by, detail="rules_read")
    writes(pages, "volunteer_paused", volunteer_id=ada, by_id=by, detail="2026-03-10")
    writes(pages, "details_changed", volunteer_id=ada, by_id=by, detail="name can_do")
    writes(pages, "number_shown", volunteer_id=ada, by_id=by)
    writes(pages, "number_shown", by_id=by)
    writes(pages, "outcome_done", volunteer_id=ada)
    writes(pages, "outcome_not_helped")
    writes(pages, "from_a_later_version", by_id=by)
    assert rows(carol.opens(address(pages)))[:9] == [
        "From a later version",
        "The caller said that the help did not arrive.",
        "Ada said that it is done.",
        "Carol looked at a number.",
        "Carol looked at the number of Ada.",
        "Carol changed what is written about Ada: the name, what they can do.",
        "Carol paused Ada until Tue 10 March.",
        "Carol ticked for Ada: has read our rules.",
        "Carol let Ada join the group.",
    ]


def test_words_of_config_yaml_in_the_readers_language(pages: Pages) -> None:
    writes(pages, "induction_ticked", volunteer_id=id_of(pages, "Ada"), detail="rules_read")
    with pages.helpline.database.unit_of_work() as session:
        session.get_one(Volunteer, id_of(pages, "Carol")).languages = "pl"
    assert "zna nasze zasady" in pages.as_("Carol").opens(address(pages)).text


def test_searched(pages: Pages) -> None:
    ada, bob = id_of(pages, "Ada"), pages.helpline.volunteer("Bob").id
    writes(pages, "member_joined", volunteer_id=ada, by_id=bob)
    writes(pages, "rota_edited", by_id=bob)
    pages.helpline.wait(hours=24)
    writes(pages, "rota_edited", by_id=ada)
    carol = pages.as_("Carol")
    found = rows(carol.opens(address(pages, "?what=rota")))
    assert found == ["Ada changed the rota.", "Bob changed the rota."]
    found = rows(carol.opens(address(pages, f"?what=rota&who={bob}")))
    assert found == ["Bob changed the rota."]
    found = rows(carol.opens(address(pages, "?what=rota&from=2026-03-04")))
    assert found == ["Ada changed the rota."]
    found = rows(carol.opens(address(pages, "?what=rota&to=2026-03-03")))
    assert found == ["Bob changed the rota."]


def test_searched_by_the_code_of_a_request_that_it_leads_to(pages: Pages, carol: Browser) -> None:
    sam = pages.helpline.mobile()
    sam.texts("Could someone walk my dog?").is_texted("receipt")
    request = pages.helpline.request_of(sam)
    writes(pages, "callback_late", request_id=request.id)
    page = carol.opens(address(pages, f"?code={request.code}"))
    assert rows(page) == [f"The caller had not been rung back by then. {request.code}"]
    assert f"/requests/{request.id}" in page.text


@pytest.mark.parametrize(
    "asked",
    [
        f"?who={'9' * 30}&older-than={'9' * 30}",
        "?who=Ada&what=everything&from=yesterday&to=9999-12-31&older-than=x",
        "?code=%27%20OR%201=1",
        "?to=9999-12-31&from=0001-01-01",
    ],
)
def test_odd_questions_are_answered_all_the_same(pages: Pages, carol: Browser, asked: str) -> None:
    assert carol.opens(address(pages, asked)).status == 200


def test_what_is_not_found_leads_back(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages, "?what=rota"))
    assert "Nothing like that happened." in page.text
    assert f'href="{address(pages)}"' in page.text


def test_older_lines_keep_the_question(pages: Pages, carol: Browser) -> None:
    for _ in range(60):
        writes(pages, "rota_edited", by_id=id_of(pages, "Ada"))
    page = carol.opens(address(pages, "?what=rota"))
    assert len(rows(page)) == 50
    [older] = re.findall(r'rel="next" href="([^"]+)"', page.text)
    page = carol.opens(older.replace("&amp;", "&"))
    assert rows(page) == ["Ada changed the rota."] * 10
    assert 'rel="next"' not in page.text


def test_another_groups_lines_are_not_there(pages: Pages, carol: Browser) -> None:
    pages.helpline.valley()
    tim = pages.helpline.volunteer("Tim", group=TODMORDEN).id
    with pages.helpline.database.unit_of_work() as session:
        todmorden = pages.helpline.group_named(TODMORDEN)
        membership.make_coordinator(session, todmorden, tim, tim, pages.helpline.clock.now())
    assert "Tim" not in carol.opens(address(pages)).text
    in_todmorden = pages.as_("Tim").opens(f"/groups/{todmorden}/audit")
    assert "Tim made Tim a coordinator." in rows(in_todmorden)


def test_a_name_never_runs(pages: Pages, carol: Browser) -> None:
    evil = pages.helpline.volunteer("<script>alert(1)</script>").id
    writes(pages, "volunteer_stopped", volunteer_id=evil)
    text = carol.opens(address(pages)).text
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text


def test_every_sentence_can_be_said_whoever_is_known(pages: Pages) -> None:
    now = pages.helpline.clock.now()
    with pages.helpline.app.test_request_context():
        for event in EVENTS:
            for by, volunteer in product((None, "Carol"), (None, "Ada")):
                line = Line(1, now, event, "2026-03-10", by, volunteer, None, None, is_here=False)
                said = sentence(line)
                assert said[0].isupper(), said
                assert said[-1] == ".", said
                assert "%" not in said, said


def test_who_took_out_a_file_is_on_record(pages: Pages, carol: Browser) -> None:
    group = address(pages).removesuffix("/audit")
    week = "first=2026-03-09&last=2026-03-15"
    assert carol.asks(f"{group}/rota/export?what=shifts&kind=csv&{week}").status_code == 200
    assert carol.asks(f"{group}/figures.csv?from=2026-03-01&to=2026-03-02").status_code == 200
    assert rows(carol.opens(address(pages)))[:2] == [
        "Carol took out the figures as a file (Sun 1 March – yesterday).",
        "Carol took out the rota as a file (Mon 9 March – Sun 15 March).",
    ]


def written_in(path: Path) -> Iterator[str]:
    """The events that a module writes into the log, as they stand in it."""
    for function in ast.walk(ast.parse(path.read_text())):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in WRITERS:
                for argument in node.args:
                    yield from events_in(argument)
            # One that is chosen first and written then.
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in (
                "event",
                "_LEFT",
            ):
                yield from events_in(node.value)


def events_in(value: ast.expr) -> Iterator[str]:
    """The events among the words of an expression."""
    if isinstance(value, ast.JoinedStr):
        text = ast.unparse(value)
        if text == "f'outcome_{outcome}'":
            yield from (f"outcome_{outcome}" for outcome in Outcome)
        elif text == "f'text_{status}'":
            yield from ("text_failed", "text_undelivered")
        return
    for node in ast.walk(value):
        said = node.value if isinstance(node, ast.Constant) else None
        if isinstance(said, str) and re.fullmatch(r"[a-z]+(_[a-z]+)*", said):
            yield said


def test_every_event_there_is_has_words() -> None:
    written = {event for path in SOURCES for event in written_in(path)}
    assert {"member_joined", "outcome_worried", "text_failed", "rota_undone"} <= written
    assert not written - EVENTS.keys()
    assert not EVENTS.keys() - written
