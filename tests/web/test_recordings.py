"""A voicemail, played on the page by those who may, and marked as heard."""

import io
import wave

import pytest

from helpline.models import AuditLine, Voicemail
from tests.harness import TODMORDEN, Helpline
from tests.people import Neighbour
from tests.web.conftest import Pages
from tests.web.test_requests import has, of, seen


@pytest.fixture
def edna(pages: Pages) -> Neighbour:
    """Somebody who has left a message of 21 seconds."""
    helpline = pages.helpline
    edna = helpline.landline()
    caller = edna.calls().presses("3").hears("welcome", "leave_message")
    caller.says("It is Edna. I need bread.", seconds=21).hangs_up()
    helpline.wait(minutes=2)
    helpline.people["Carol"].is_texted("voicemail_new")
    return edna


def audio_of(pages: Pages, edna: Neighbour) -> str:
    return f"{of(pages, edna)}/voicemails/1"


def test_it_is_played_on_the_page(pages: Pages, edna: Neighbour) -> None:
    carol = pages.as_("Carol")
    page = carol.opens(of(pages, edna))
    assert f'src="{audio_of(pages, edna)}"' in page.text
    assert "A voicemail of 0:2" in seen(page)
    answer = carol.asks(audio_of(pages, edna))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("audio/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Accept-Ranges"] == "bytes"
    with wave.open(io.BytesIO(answer.data)) as sound:
        assert 20 <= sound.getnframes() / sound.getframerate() <= 23


def test_a_browser_winds_forward_by_asking_for_a_part(pages: Pages, edna: Neighbour) -> None:
    carol = pages.as_("Carol")
    whole = carol.asks(audio_of(pages, edna)).data
    part = carol.client.get(
        audio_of(pages, edna), base_url="https://helpline.example", headers={"Range": "bytes=44-99"}
    )
    assert part.status_code == 206
    assert part.headers["Content-Range"] == f"bytes 44-99/{len(whole)}"
    assert part.data == whole[44:100]
    beyond = carol.client.get(
        audio_of(pages, edna),
        base_url="https://helpline.example",
        headers={"Range": f"bytes={len(whole)}-"},
    )
    assert beyond.status_code == 416


def test_nobody_else_hears_it(pages: Pages, helpline: Helpline, edna: Neighbour) -> None:
    helpline.valley()
    helpline.coordinator("Tina", TODMORDEN)
    assert pages.nobody().asks(audio_of(pages, edna)).status_code == 302
    assert pages.as_("Tina").asks(audio_of(pages, edna)).status_code == 404
    ada = pages.as_("Ada")
    assert ada.asks(audio_of(pages, edna)).status_code == 404
    has(helpline, edna, volunteer_id=helpline.people["Ada"].id)
    assert ada.asks(audio_of(pages, edna)).status_code == 200


@pytest.mark.usefixtures("edna")
def test_a_voicemail_is_found_by_its_own_request_alone(pages: Pages, helpline: Helpline) -> None:
    sam = helpline.mobile()
    sam.texts("Bread, please").is_texted("receipt")
    carol = pages.as_("Carol")
    page = carol.opens(of(pages, sam))
    assert carol.asks(f"{of(pages, sam)}/voicemails/1").status_code == 404
    token = page.forms()[0][1]["csrf_token"]
    answer = carol.posts(f"{of(pages, sam)}/voicemails/1/heard", {"csrf_token": token})
    assert answer.status == 404
    assert helpline.rows(Voicemail)[0].heard_at is None


def test_whoever_hears_it_first_is_remembered(
    pages: Pages, helpline: Helpline, edna: Neighbour
) -> None:
    carol = pages.as_("Carol")
    page = carol.opens(of(pages, edna))
    assert "not heard yet" in seen(page)
    heard = page.sends("/heard")
    assert "heard by Carol, today 10:0" in seen(heard)
    assert "not heard yet" not in seen(heard)
    helpline.coordinator("Dan")
    helpline.wait(minutes=5)
    pages.as_("Dan").posts(f"{audio_of(pages, edna)}/heard", page.forms()[0][1])
    page.sends("/heard")
    [voicemail] = helpline.rows(Voicemail)
    assert voicemail.heard_by_id == helpline.people["Carol"].id
    [line] = helpline.rows(AuditLine, event="voicemail_heard")
    assert line.by_id == helpline.people["Carol"].id


def test_a_voicemail_that_is_not_fetched_yet_says_so(
    pages: Pages, helpline: Helpline, edna: Neighbour
) -> None:
    with helpline.database.unit_of_work() as session:
        session.get_one(Voicemail, 1).status = "at_provider"
    page = pages.as_("Carol").opens(of(pages, edna))
    assert "It is being fetched." in seen(page)
    assert "<audio" not in page.text
