"""This machine's clock is wrong: noticed by the date on the network's answers, told, and over."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ivr.twilio.http import Http
from queue_workers.house import House
from tests.canary.cage import served
from tests.harness import Helpline
from tests.people import Volunteering
from tests.troubles.watching import Watched


@pytest.fixture
def watched(helpline: Helpline, tmp_path: Path) -> Watched:
    return Watched(helpline, tmp_path)


@pytest.fixture
def cora(helpline: Helpline) -> Volunteering:
    return helpline.coordinator("Cora")


def answers(house: House, *offs: timedelta) -> None:
    """The network's answers come, by a clock that is so far from ours; then the worker beats."""
    for off in offs:
        house.two_clocks.compare(house.clock() + off, house.clock())
    with house.database.unit_of_work() as session:
        house.two_clocks.write_down(session, house.clock())


def health(helpline: Helpline) -> str:
    return str(helpline.app.test_client().get("/health").json["time"])  # type: ignore[index]


def test_a_wrong_clock_is_told_with_how_far_and_so_is_its_end(
    watched: Watched, cora: Volunteering
) -> None:
    house = watched.helpline.house
    late = timedelta(minutes=4, seconds=10)
    answers(house, late, late)
    watched.goes_on(minutes=5)
    assert health(watched.helpline) == "well"
    answers(house, late)
    assert health(watched.helpline) == "this machine's clock is wrong by 4 min"
    watched.goes_on(minutes=5)
    cora.is_texted("trouble_time")
    assert "by 4 min" in cora.last_text
    answers(house, timedelta(seconds=2))
    assert health(watched.helpline) == "well"
    watched.goes_on(minutes=1)
    cora.is_texted("trouble_over")


def test_a_little_is_tolerated_and_one_odd_answer_is_no_proof(
    watched: Watched, cora: Volunteering
) -> None:
    house = watched.helpline.house
    answers(house, timedelta(seconds=20), timedelta(seconds=-20), timedelta(hours=3))
    answers(house, timedelta(hours=3), timedelta(seconds=1))
    watched.goes_on(minutes=5)
    assert health(watched.helpline) == "well"
    assert cora.texts_from_us == []


@contextmanager
def answering(headers: dict[str, str]) -> Iterator[str]:
    """A network that puts these on its answers; its address."""

    class Network(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(200)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Not to the terminal."""

    with HTTPServer(("127.0.0.1", 0), Network) as server, served(server):
        yield f"http://127.0.0.1:{server.server_port}/"


DATE = "Tue, 03 Mar 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "heard"),
    [
        ({"Date": DATE}, [datetime(2026, 3, 3, 10, tzinfo=UTC)]),
        ({"Date": DATE, "Age": "300"}, []),
        ({"Date": "yesterday"}, []),
        ({"Date": "Tue, 03 Mar 2026 10:00:00 -0000"}, []),
        ({}, []),
    ],
)
def test_the_date_of_an_answer_is_heard_where_it_tells_the_time(
    headers: dict[str, str], heard: list[datetime]
) -> None:
    said: list[datetime] = []
    with answering(headers) as address:
        assert Http(hears_time=said.append).request("GET", address).status_code == 200
    assert said == heard
