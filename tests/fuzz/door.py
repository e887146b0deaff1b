"""Knock at the doors of the whole house with anything at all: `python -m tests.fuzz.door`.

Signed webhooks of every kind in any order, and every page as nobody, a volunteer and a coordinator.
The network hears a sentence or a clean refusal, a browser is never shown our mistake, jobs do what
was promised, and nothing that was sent is found in a log.
"""

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from io import BytesIO
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import make_url
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app
from werkzeug.wrappers import Request

from helpline.models import Call
from simulator import signature
from tests.browser import village
from tests.fuzz.faults import Finds, Listening, faults
from tests.fuzz.odd import Sent
from tests.fuzz.visits import Browsers
from tests.fuzz.webhooks import Webhooks
from tests.harness import BASE_URL, Helpline
from tests.web.conftest import Pages
from tests.web.overhearing import Noting

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# After so many, everything is again as it was: by then somebody has removed the coordinator.
_ROUND = 400
_BETWEEN_JOBS = 25
_OF_A_HOUSE = 20_000


class House:
    """A helpline in this process, whose database can be put back as it was."""

    def __init__(self, helpline: Helpline) -> None:
        """`helpline`, where Carol coordinates and Ada volunteers."""
        self.helpline = helpline
        helpline.expects_errors()
        helpline.failed_jobs()
        self.browsers = Browsers(
            helpline.app, {who: _cookie(helpline, who) for who in ("Ada", "Carol")}
        )
        numbers = (
            *(each.phone.number for each in (*helpline.neighbours, *helpline.people.values())),
            *(line.number for line in helpline.network.numbers.values()),
        )
        self.webhooks = Webhooks(helpline.app, numbers)
        file = make_url(helpline.settings.database_url).database or ""
        self._file = Path(file) if file.endswith(".db") else None
        self._at_first = self._copied()

    def answer(self, sent: Sent) -> TestResponse:
        """What is answered to this request."""
        environ = _environ(sent)
        if sent.signed:
            # As our server will read it.
            seen = Request(_environ(sent))
            url = f"{BASE_URL}{seen.path}"
            if seen.query_string:
                url += f"?{seen.query_string.decode('latin-1')}"
            # One that is there twice is signed twice.
            form = {key: key.join(sorted(set(all_of))) for key, all_of in seen.form.lists()}
            token = self.helpline.network.auth_token
            environ["HTTP_X_TWILIO_SIGNATURE"] = signature.signature(url, form, token)
        app = self.helpline.app
        said, status, headers = run_wsgi_app(app.wsgi_app, environ, buffered=True)
        return TestResponse(said, status, headers, Request(environ))

    def is_over(self, sent: Sent) -> bool:
        """Whether nobody hears what is answered: the receiver is down."""
        form = dict(reversed(sent.fields))
        if form.get("CallStatus") not in ("queued", "initiated", "ringing", "in-progress"):
            return True
        calls = self.helpline.rows(Call, call_sid=form.get("CallSid"))
        return any(call.ended_at for call in calls)

    def put_back(self) -> None:
        """The database as it was at first; where it cannot be, it stays as it is."""
        if self._file is None:
            return
        self._let_go()
        for beside in ("-wal", "-shm"):
            Path(f"{self._file}{beside}").unlink(missing_ok=True)
        self._file.write_bytes(self._at_first)

    def _copied(self) -> bytes:
        self._let_go()
        return self._file.read_bytes() if self._file else b""

    def _let_go(self) -> None:
        door = self.helpline.app.extensions["helpline_phone"]
        for engine in (self.helpline.engine, door.callers.database.engine):
            engine.dispose()


def _cookie(helpline: Helpline, name: str) -> str:
    browser = Pages(helpline).as_(name)
    # The first form brings the token by which forms are known.
    browser.opens("/me/visits")
    cookie = browser.client.get_cookie("__Host-helpline", domain="helpline.example")
    assert cookie is not None
    return f"__Host-helpline={cookie.value}"


def _environ(sent: Sent) -> "WSGIEnvironment":
    body: dict[str, Any] = {}
    if sent.method == "POST":
        body = {"data": sent.body(), "content_type": "application/x-www-form-urlencoded"}
    if sent.file is not None:
        fields = MultiDict((_whole(name), _whole(said)) for name, said in sent.fields)
        body = {"data": {**fields.to_dict(flat=False), "file": (BytesIO(sent.file), "rota.csv")}}
    if sent.raw is not None:
        body = {"data": sent.raw[1], "content_type": sent.raw[0]}
    headers = {"Referer": f"{BASE_URL}/", **sent.headers}
    return EnvironBuilder(
        path="/",
        method=sent.method,
        base_url=BASE_URL,
        query_string=sent.query,
        headers=[*headers.items()],
        environ_overrides={"PATH_INFO": _whole(sent.path).encode().decode("latin-1")},
        **body,
    ).get_environ()


def _whole(said: str) -> str:
    """Without half letters."""
    return said.encode("utf-8", "replace").decode()


def knock(house: House, inputs: range, seed: int, finds: Finds) -> Counter[str]:
    """Send these, and count the answers by kind."""
    answers: Counter[str] = Counter()
    listening, root = Listening(), logging.getLogger()
    root.addHandler(listening)
    level, root.level = root.level, logging.INFO
    app = house.helpline.app
    usual, app.request_class = app.request_class, Noting
    try:
        for number in inputs:
            chance = Random(f"{seed} {number}")
            maker = house.webhooks if chance.random() < 0.6 else house.browsers
            sent = maker.one(chance)
            answer = house.answer(sent)
            answers[f"{'signed' if sent.signed else sent.who} {answer.status_code}"] += 1
            if answer.status_code == 200 and "html" in (answer.content_type or ""):
                house.browsers.saw(sent, answer.text)
            for fault in (*faults(sent, answer, house.is_over), *listening.broke()):
                finds.add(fault, number, sent)
            if number % _BETWEEN_JOBS == 0:
                _let_work(house, chance, number, finds)
                for fault in listening.broke():
                    finds.add(f"later: {fault}", number, None)
            if number % _ROUND == _ROUND - 1 or _was_let_out(sent, answer):
                house.put_back()
    finally:
        root.removeHandler(listening)
        root.setLevel(level)
        app.request_class = usual
    return answers


def _was_let_out(sent: Sent, answer: TestResponse) -> bool:
    """Whether somebody has signed out: all that they ask for would be refused from now on."""
    return answer.status_code == 401 and sent.headers.get("Cookie", "").startswith(
        "__Host-helpline="
    )


def _let_work(house: House, chance: Random, number: int, finds: Finds) -> None:
    """Jobs do what was promised, and the network calls back."""
    house.helpline.wait(seconds=chance.choice((0, 1, 5, 90)))
    for failed in house.helpline.jobs_failed:
        finds.add(f"a job failed: {failed}", number, None)
    house.helpline.jobs_failed.clear()


def main() -> int:
    """0 when nothing broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=300_000)
    parser.add_argument("--seed", type=int, default=None, help="made up from the clock otherwise")
    asked = parser.parse_args()
    seed, finds, answers = asked.seed or time.time_ns() % 2**31, Finds(), Counter[str]()
    began = time.monotonic()
    for first in range(0, asked.inputs, _OF_A_HOUSE):
        with tempfile.TemporaryDirectory(prefix="helpline-fuzz-") as folder:
            helpline = Helpline(Path(folder), at=village.BEGINS)
            village.furnish(helpline)
            upto = min(first + _OF_A_HOUSE, asked.inputs)
            answers += knock(House(helpline), range(first, upto), seed, finds)
            helpline.close()
        took = time.monotonic() - began
        sys.stdout.write(f"{finds.told()}{upto:,} inputs after {took:.0f} s\n")
        sys.stdout.flush()
    for kind, count in sorted(answers.items()):
        sys.stdout.write(f"{count:>10,}  {kind}\n")
    how = f"{len(finds.count)} kinds of things broke"
    sys.stdout.write(f"{asked.inputs:,} inputs to the doors, seed {seed}; {how}.\n")
    return 1 if finds.count else 0


if __name__ == "__main__":
    sys.exit(main())
