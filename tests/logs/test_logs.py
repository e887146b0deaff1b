"""What the logs say of each visit: where, about what, how it ended; and nobody's number."""

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from helpline import doors
from helpline.logs import JsonFormatter, MaskingFormatter
from tests.harness import ROOT, Helpline

log = logging.getLogger("tests.logs")


@contextmanager
def written_with(formatter: logging.Formatter) -> Iterator[io.StringIO]:
    handler, root = logging.StreamHandler(io.StringIO()), logging.getLogger()
    handler.setFormatter(formatter)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler.stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that is logged meanwhile, as JSON."""
    with written_with(JsonFormatter()) as stream:
        yield stream


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(each) for each in stream.getvalue().splitlines()]


def test_a_line_for_each_webhook_says_which_call_and_how_it_ended(
    helpline: Helpline, written: io.StringIO
) -> None:
    call = helpline.landline().calls()
    call.hears("welcome", "main_menu", "language_offer:pl").presses("9")
    call.listens()
    call.hangs_up()
    webhooks = [each for each in lines(written) if each["logger"] == "helpline.doors"]
    first, *_, last = webhooks
    assert (first["webhook"], first["outcome"]) == ("call_arrives", "200")
    assert (last["webhook"], last["outcome"]) == ("call_fares", "204")
    assert {each["call"] for each in webhooks} == {1}
    assert all(isinstance(each["ms"], int) for each in webhooks)


def test_a_turn_that_fails_says_so_and_names_nobody(
    helpline: Helpline, written: io.StringIO
) -> None:
    edna = helpline.landline()
    helpline.loses_its_database()
    edna.calls().listens()
    assert any(each.get("outcome") == "last_resort" for each in lines(written))
    assert any("trace" in each and each["webhook"] == "call_arrives" for each in lines(written))
    assert edna.phone.number[1:] not in written.getvalue()


def test_what_was_known_of_one_visit_is_not_said_of_the_next(written: io.StringIO) -> None:
    doors.enter("job", "send_text", id=12)
    doors.about(request=7, call=None)
    log.warning("inside, with +447700900123")
    doors.leave("done")
    log.warning("outside")
    inside, ended, outside = lines(written)
    assert (inside["job"], inside["id"], inside["request"]) == ("send_text", 12, 7)
    assert inside["said"] == "inside, with …0123"
    assert "call" not in inside
    assert ended["outcome"] == "done"
    assert set(outside) == {"at", "level", "logger", "said"}


def test_a_plain_line_ends_with_what_is_known() -> None:
    with written_with(MaskingFormatter()) as stream:
        doors.enter("webhook", "call_arrives")
        log.warning("slow for 07700 900123")
        doors.leave_quietly()
    line = "WARNING tests.logs slow for …0123 [webhook=call_arrives]\n"
    assert stream.getvalue().endswith(line)


def test_the_environment_says_which_of_both() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import logging; from helpline.logs import write_logs; write_logs();"
            "logging.error('+447700900123')",
        ],
        cwd=ROOT,
        env={**os.environ, "LOG_FORMAT": "json"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(said.stderr)["said"] == "…0123"
