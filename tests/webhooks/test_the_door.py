"""Who is heard at the webhooks, and what is made of odd, repeated and late ones."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline import blocks
from helpline.models import Call, Callback, Direction, Leg, Request, Text, Voicemail
from simulator import forms
from tests.harness import Helpline
from tests.wire import EDNA, Wire

ADDRESSES = [
    "/calls/incoming",
    "/calls/main_menu",
    "/calls/waiting",
    "/calls/status",
    "/legs/1/picked_up",
    "/legs/1/screening",
    "/legs/1/status",
    "/legs/1/caller_status",
    "/volunteers/codes/1/told",
    "/volunteers/prompts/1",
    "/canary/rings",
    "/recordings/status",
    "/texts/incoming",
    "/texts/status",
]


@pytest.fixture
def wire(helpline: Helpline) -> Wire:
    return Wire(helpline)


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("token", [None, "the wrong token"])
def test_nobody_but_the_network_is_heard(wire: Wire, path: str, token: str | None) -> None:
    answer = wire.post(path, wire.call_form(), signed_with=token)
    assert answer.status_code == 403
    assert not re.search(r"\d{4}", answer.text)
    assert wire.helpline.rows(Call) == []


def test_while_a_token_is_changed_both_are_heard(tmp_path: Path) -> None:
    helpline = Helpline(tmp_path, TWILIO_SECONDARY_AUTH_TOKEN="the-token-that-comes-next")
    wire = Wire(helpline)
    for token in ("", "the-token-that-comes-next"):
        assert wire.post("/calls/incoming", wire.call_form(), signed_with=token).status_code == 200
    answer = wire.post("/calls/incoming", wire.call_form(), signed_with="the-token-before")
    assert answer.status_code == 403
    helpline.close()


def test_every_webhook_is_in_the_list_above(wire: Wire) -> None:
    rules = {
        str(rule)
        for rule in wire.helpline.app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.endpoint.startswith("phone.")
    }
    shapes = {re.sub(r"<int:\w+>", "1", rule) for rule in rules}
    listed = {each if each in shapes else each.rsplit("/", 1)[0] + "/<step>" for each in ADDRESSES}
    assert listed == shapes


@pytest.mark.parametrize("missing", ["AccountSid", "CallSid", "From", "To", "CallStatus"])
def test_a_form_that_lacks_what_the_network_always_sends(wire: Wire, missing: str) -> None:
    form = wire.call_form()
    del form[missing]
    answer = wire.post("/calls/incoming", form)
    assert answer.status_code == 400
    assert missing in answer.text
    assert wire.helpline.rows(Call) == []


def test_a_sid_that_is_none_is_refused_without_being_repeated(wire: Wire) -> None:
    answer = wire.post("/calls/incoming", wire.call_form(sid="'; DROP TABLE calls; --"))
    assert answer.status_code == 400
    assert "DROP" not in answer.text


def test_a_step_that_there_is_not(wire: Wire) -> None:
    assert wire.post("/calls/nowhere", wire.call_form()).status_code == 404
    assert wire.post("/calls/welcome", wire.call_form()).status_code == 404
    assert wire.post("/legs/1/nowhere", wire.call_form()).status_code == 404


def test_the_same_call_twice_is_one_row_and_the_same_answer(wire: Wire) -> None:
    first, second = (wire.post("/calls/incoming", wire.call_form()) for _ in range(2))
    assert first.data == second.data
    assert len(wire.helpline.rows(Call)) == 1


def test_who_is_blocked_is_turned_away_by_the_same_webhook_again(wire: Wire) -> None:
    now = wire.helpline.clock.now()
    with wire.helpline.database.unit_of_work() as session:
        blocks.turn_away(session, EDNA, "shouting", now + timedelta(days=1), now)
    first, second = (wire.post("/calls/incoming", wire.call_form()) for _ in range(2))
    assert "this line cannot take your call" in first.text
    assert first.data == second.data


def test_the_same_key_twice_is_one_request_one_leg_and_the_same_answer(wire: Wire) -> None:
    ada, _bob = wire.helpline.on_shift("Ada", "Bob")
    wire.post("/calls/incoming", wire.call_form())
    first, second = (wire.post("/calls/main_menu", wire.call_form(Digits="1")) for _ in range(2))
    assert first.data == second.data
    assert len(wire.helpline.rows(Request)) == 1
    assert [leg.volunteer_id for leg in wire.helpline.rows(Leg)] == [ada.id]


def test_the_same_ring_outcome_twice_rings_one_more_not_two(wire: Wire) -> None:
    wire.helpline.on_shift("Ada", "Bob", "Cy")
    wire.post("/calls/incoming", wire.call_form())
    wire.post("/calls/main_menu", wire.call_form(Digits="1"))
    extras = forms.dial_extras("no-answer", sid="CA" + "2" * 32, seconds=0, bridged=False)
    answers = {wire.post("/calls/ring?leg=1", wire.call_form(**extras)).data for _ in range(2)}
    assert len(answers) == 1
    assert len(wire.helpline.rows(Leg)) == 2


def test_the_same_message_twice_is_one_voicemail_and_one_promise(wire: Wire) -> None:
    wire.post("/calls/incoming", wire.call_form())
    wire.post("/calls/main_menu", wire.call_form(Digits="3"))
    sid = "RE" + "3" * 32
    extras = forms.record_extras(f"https://api.twilio.com/Recordings/{sid}", sid, 9, "#")
    form = wire.call_form(**extras)
    first, second = (wire.post("/calls/leave_message", form) for _ in range(2))
    assert first.data == second.data
    assert len(wire.helpline.rows(Voicemail)) == 1
    assert len(wire.helpline.rows(Callback)) == 1


def test_two_seconds_are_a_message_and_one_is_a_receiver_put_down(wire: Wire) -> None:
    wire.post("/calls/incoming", wire.call_form())
    wire.post("/calls/main_menu", wire.call_form(Digits="3"))
    for seconds in (1, 2):
        sid = "RE" + str(seconds) * 32
        extras = forms.record_extras(f"https://api.twilio.com/{sid}", sid, seconds, "hangup")
        wire.post("/calls/leave_message", wire.call_form(**extras))
    assert [each.seconds for each in wire.helpline.rows(Voicemail)] == [2]


def test_the_same_text_twice_is_one_row_and_one_answer(wire: Wire) -> None:
    form = wire.text_form("I need bread", number="+447700900501")
    first, second = (wire.post("/texts/incoming", form) for _ in range(2))
    assert first.data == second.data
    assert len(wire.helpline.rows(Text, direction=Direction.INCOMING)) == 1
    wire.helpline.wait(seconds=1)
    assert len(wire.helpline.rows(Text, purpose="reply")) == 1


def test_an_answer_whose_call_was_never_logged_begins_anew(wire: Wire) -> None:
    answer = wire.post("/calls/main_menu", wire.call_form(Digits="1"))
    assert "This is Hebden Bridge Neighbours" in answer.text
    assert len(wire.helpline.rows(Call)) == 1


@pytest.mark.parametrize("seconds", [0, 9])
def test_a_promise_stands_though_what_they_rang_about_is_gone(wire: Wire, seconds: int) -> None:
    wire.post("/calls/incoming", wire.call_form())
    sid = "RE" + "3" * 32
    extras = forms.record_extras(f"https://api.twilio.com/Recordings/{sid}", sid, seconds, "#")
    answer = wire.post("/calls/leave_message", wire.call_form(**extras))
    assert "ring you back" in answer.text
    [request], [callback] = wire.helpline.rows(Request), wire.helpline.rows(Callback)
    assert callback.request_id == request.id
    assert {each.request_id for each in wire.helpline.rows(Voicemail)} <= {request.id}


def test_a_status_of_a_call_nobody_knows_changes_nothing(wire: Wire) -> None:
    form = wire.call_form() | {"CallStatus": "completed"}
    assert wire.post("/calls/status", form).status_code == 204
    assert wire.helpline.rows(Call) == []


def test_a_word_for_a_status_that_nobody_has_read_yet(wire: Wire) -> None:
    form = wire.call_form() | {"CallStatus": "levitating"}
    assert wire.post("/calls/status", form).status_code == 400


@pytest.mark.parametrize("word", ["my cat is up the chimney", EDNA, "x" * 4_000])
def test_what_is_no_word_for_a_status_is_not_repeated(
    wire: Wire, caplog: pytest.LogCaptureFixture, word: str
) -> None:
    answer = wire.post("/calls/status", wire.call_form() | {"CallStatus": word})
    assert answer.status_code == 400
    assert word[:20] not in answer.text + caplog.text


@pytest.mark.parametrize("row", [2**31, 2**63, 10**30])
def test_a_row_that_no_database_can_have_is_no_address(wire: Wire, row: int) -> None:
    for path in (each for each in ADDRESSES if "/1" in each):
        answer = wire.post(path.replace("/1", f"/{row}"), wire.call_form())
        assert answer.status_code == 404, path


def test_a_number_that_is_no_line_has_nothing_to_go_on_to(wire: Wire) -> None:
    form = wire.call_form() | {"To": "+441632960009"}
    first = wire.post("/calls/incoming", form)
    for step in ("say_offer", "leave_message", "offer_rung_back?leg=1"):
        assert wire.post(f"/calls/{step}", form | {"Digits": "1"}).data == first.data
    assert len(wire.helpline.rows(Call)) == 1


def test_without_its_database_a_caller_hears_a_sentence_and_whom_to_ring(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.helpline.loses_its_database()
    first = wire.post("/calls/incoming", wire.call_form())
    assert "One moment" in first.text
    again = re.search(r"<Redirect>https://helpline.example([^#<]+)", first.text)
    assert again
    second = wire.post(again[1].replace("&amp;", "&"), wire.call_form())
    assert "oh one six three two, nine six oh, nine nine nine" in second.text
    assert "<Number>+441632960999</Number>" in second.text
    assert EDNA not in caplog.text
    assert EDNA[1:] not in caplog.text


def test_without_its_database_a_volunteer_is_not_put_through(wire: Wire) -> None:
    wire.helpline.loses_its_database()
    answer = wire.post("/legs/1/screening", wire.call_form(Digits="1"))
    assert "<Hangup" in answer.text


def test_health_says_what_is_wrong(wire: Wire) -> None:
    client = wire.helpline.app.test_client()
    assert client.get("/health").status_code == 200
    wire.helpline.loses_its_database()
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json["database"] == "does not answer"
    assert answer.headers["Cache-Control"] == "no-store"


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    body=st.text(max_size=400),
    number=st.sampled_from(["+447700900501", "anonymous", "sip:x@y", "12345", "", "+44770090050١"]),
)
def test_no_words_of_a_texter_break_anything(wire: Wire, body: str, number: str) -> None:
    sid = f"SM{abs(hash((body, number))):032x}"[:34]
    form = wire.text_form(body, sid=sid, number=number)
    answer = wire.post("/texts/incoming", form)
    assert answer.status_code == 200
    assert answer.text.endswith("<Response />")


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(keys=st.text(max_size=8), number=st.text(max_size=30), tries=st.text(max_size=12))
def test_no_keys_and_no_caller_id_break_anything(
    wire: Wire, keys: str, number: str, tries: str
) -> None:
    form = wire.call_form(Digits=keys) | {"From": number, "Caller": number}
    assert wire.post("/calls/incoming", form).status_code == 200
    answer = wire.post(f"/calls/main_menu?{urlencode({'tries': tries})}", form)
    assert answer.status_code == 200
    assert "Say" in answer.text


def test_what_a_caller_id_says_never_becomes_markup(wire: Wire) -> None:
    odd = '"><Dial>+447700900999</Dial>'
    answer = wire.post("/calls/incoming", wire.call_form() | {"From": odd, "Caller": odd})
    assert "<Dial" not in answer.text
    assert answer.text.count("<Gather") == 1
