"""The story in words, from calls and texts in virtual time."""

from __future__ import annotations

import json
from threading import Thread

import pytest

from simulator import Network, WsgiTransport
from simulator.events import Event
from simulator.handsets.chronicle import Chronicle
from simulator.handsets.state import table_state
from simulator.handsets.story import TELLERS
from tests.handsets.village import ADA, BOB, EDNA, LINE, SAM, VILLAGE, Village, furnish

PACE = 1  # a virtual clock waits for nobody


@pytest.fixture
def network() -> Network:
    network = Network(transport=WsgiTransport({VILLAGE: Village(PACE)}))
    furnish(network)
    return network


@pytest.fixture
def chronicle(network: Network) -> Chronicle:
    return Chronicle(network)


def told(chronicle: Chronicle, *, quiet: bool = False) -> list[str]:
    entries = [json.loads(entry) for _, entry in chronicle.after(0)]
    return [e["story"] for e in entries if e["story"] and (quiet or e["tone"] != "quiet")]


def transcript(chronicle: Chronicle, phone: str) -> list[tuple[str, str]]:
    entries = [json.loads(entry) for _, entry in chronicle.after(0)]
    return [
        (line["who"], line["text"])
        for entry in entries
        for line in entry["lines"]
        if line["phone"] == phone
    ]


def test_a_whole_call(network: Network, chronicle: Chronicle) -> None:
    edna, ada, bob = (network.phones[number] for number in (EDNA, ADA, BOB))
    ada.behaves("machine", after=2)
    call = edna.calls(LINE, caller_id="anonymous")
    bob.rings().picks_up().hears()
    bob.talking.presses("1")  # type: ignore[union-attr]
    call.says("Hello, Bob.", 2)
    call.hangs_up()
    assert told(chronicle) == [
        "Edna rings Village, hiding the number.",
        "Village answers.",
        "Ada’s telephone rings. It shows Village.",
        "Ada’s voicemail picks up: “Hello, I can't come to the phone right now. "
        "Please leave a message after the tone.”",
        "Ada’s voicemail is hung up on.",
        "Bob’s telephone rings. It shows Village.",
        "Bob picks up.",
        "Bob presses 1.",
        "Edna and Bob are talking.",
        "Edna says: “Hello, Bob.”",
        "Edna hangs up.",
        "Bob’s call is over.",
    ]
    assert transcript(chronicle, BOB) == [
        ("note", "Village rings you."),
        ("line", "Jeden?"),
        ("self", "1"),
        ("note", "Edna can hear you."),
        ("other", "Hello, Bob."),
        ("note", "The call is over."),
    ]


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        ("busy", "Ada’s telephone is busy."),
        ("no_answer", "Ada does not answer."),
        ("declines", "Ada declines."),
        ("dead", "Ada’s number is dead."),
    ],
)
def test_why_nobody_came(
    network: Network, chronicle: Chronicle, behaviour: str, sentence: str
) -> None:
    network.phones[ADA].behaves(behaviour)  # type: ignore[arg-type]
    network.phones[EDNA].calls(LINE)
    network.phones[BOB].rings()
    assert sentence in told(chronicle)


def test_an_engaged_leg_leaves_the_display_to_the_call_that_is_on_it(
    network: Network, chronicle: Chronicle
) -> None:
    network.phones[ADA].calls(LINE)
    network.phones[EDNA].calls(LINE)
    network.phones[BOB].rings()
    assert "Ada’s telephone is busy." in told(chronicle)
    assert ("note", "Engaged.") not in transcript(chronicle, ADA)


def test_a_number_without_a_telephone_is_offered(network: Network, chronicle: Chronicle) -> None:
    del network.phones[ADA]
    network.phones[EDNA].calls(LINE)
    network.phones[BOB].rings()
    offers = [json.loads(entry)["offer"] for _, entry in chronicle.after(0)]
    assert [offer for offer in offers if offer] == [ADA]


def test_texts_and_the_carriers_own_answer(network: Network, chronicle: Chronicle) -> None:
    network.phones[SAM].texts(LINE, "STOP")
    network.clock.advance(10)
    network.texts.send(LINE, SAM, "Did the help arrive?")
    network.clock.advance(10)
    story = told(chronicle)
    assert story[0] == "Sam texts Village: “STOP”"
    assert story[1].startswith("The carrier, not the line, texts Sam:")
    assert "The text to Sam did not arrive (error 21610: its owner has said STOP)." in story


def test_every_kind_of_event_is_told_or_left_out_on_purpose() -> None:
    untold = {event.kind for event in Event.__subclasses__()} - set(TELLERS)
    # The end of a talk is told by who hangs up; leaving a conference likewise.
    assert untold == {"unbridged", "left_conference"}


def test_the_display_of_each_telephone(network: Network) -> None:
    call = network.phones[EDNA].calls(LINE)
    network.phones[ADA].rings()
    edna, _, ada, bob = table_state(network)["phones"]
    assert (edna["state"], ada["state"], bob["state"]) == ("busy", "ringing", "idle")
    assert edna["call"] is not None
    assert edna["call"]["word"] == "Ringing somebody"
    assert ada["call"] is not None
    assert (ada["call"]["display"], ada["call"]["number"]) == ("Village", "01632 960000")
    assert bob["call"] is None
    call.hangs_up()
    assert {phone["state"] for phone in table_state(network)["phones"]} == {"idle"}


def events(chronicle: Chronicle, run: str, since: int) -> list[tuple[str, dict[str, object]]]:
    """What a browser gets before it has to wait."""
    got = []
    for message in chronicle.stream(run, since):
        name, _, data = message.partition("\n")
        got.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
        if got[-1][1].get("number") == got[0][1]["last"]:
            return got
    return got


def test_a_browser_that_comes_back_is_told_only_what_it_missed(
    network: Network, chronicle: Chronicle
) -> None:
    network.phones[EDNA].calls(LINE)
    network.clock.advance(3)
    everything = events(chronicle, "", 0)
    assert [name for name, _ in everything[:2]] == ["hello", "table"]
    half = chronicle.after(0)[2][0]
    missed = events(chronicle, chronicle.run, half)
    assert missed[0][1]["fresh"] is False
    assert [entry["number"] for name, entry in missed if name == "told"] == [
        number for number, _ in chronicle.after(half)
    ]
    of_another_run = events(chronicle, "an older one", half)
    assert of_another_run[0][1]["fresh"] is True
    assert len(of_another_run) == len(everything)


def test_a_browser_that_reads_slowly_holds_nobody_up(
    network: Network, chronicle: Chronicle
) -> None:
    stream = chronicle.stream("", 0)
    next(stream)
    next(stream)  # the table was written, and the browser has not read on
    free: list[bool] = []

    def try_lock() -> None:
        free.append(network.lock.acquire(blocking=False))
        network.lock.release()

    other = Thread(target=try_lock)
    other.start()
    other.join()
    assert free == [True]
