"""What we stand on: each thing that may be wrong with it is said."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import Distribution
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.dependencies import pins
from tests.dependencies.advisories import CouldNotAsk, known_holes

ROOT = Path(__file__).parents[2]
PINNED = """
bread==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via -r pyproject.toml
butter==2.0 ; python_version >= '3.0' \\
    --hash=sha256:cc
    # via bread
jam==3.0 ; python_version < '3.0' \\
    --hash=sha256:dd
"""


class Installed(Distribution):
    """A package as it is installed."""

    def __init__(self, name: str, version: str, *needs: str) -> None:
        self._said = "\n".join(
            ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
            + [f"Requires-Dist: {each}" for each in needs]
        )

    def read_text(self, filename: str) -> str | None:
        return self._said if filename == "METADATA" else None

    def locate_file(self, path: object) -> Path:
        return Path(str(path))


BREAD, BUTTER = Installed("Bread", "1.0", "butter>=1"), Installed("butter", "2.0")


def wrong(pinned: str, *installed: Distribution) -> list[str]:
    return list(pins.complaints(pins.read(pinned), [Requirement("bread>=1")], installed))


def test_what_is_as_it_was_pinned_is_well() -> None:
    assert wrong(PINNED, BREAD, BUTTER, Installed("pip", "23.0")) == []


@pytest.mark.parametrize(
    ("pinned", "installed", "said"),
    [
        (PINNED, [BREAD], "butter 2.0 is pinned, and is not installed"),
        (
            PINNED,
            [BREAD, Installed("butter", "2.1")],
            "butter 2.0 is pinned, and 2.1 is installed",
        ),
        (
            PINNED,
            [BREAD, BUTTER, Installed("Jam", "3.0")],
            "jam 3.0 is installed, and is not pinned",
        ),
        (PINNED, [Installed("bread", "1.0"), BUTTER], "butter is pinned, and nobody needs it"),
        (
            PINNED.replace("    --hash=sha256:cc", ""),
            [BREAD, BUTTER],
            "butter has no hash: what is fetched may be anything",
        ),
        (
            PINNED.replace("bread==1.0", "bread==1.*"),
            [BREAD, BUTTER],
            "bread is not pinned to one version: bread==1.*",
        ),
    ],
)
def test_what_is_not_is_said(pinned: str, installed: Sequence[Distribution], said: str) -> None:
    assert said in wrong(pinned, *installed)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_of_ours_is_one_version_with_its_hashes(name: str) -> None:
    found = pins.read((ROOT / name).read_text(encoding="utf-8"))
    assert len(found) > 50
    assert [pin.name for pin in found if not pin.hashes or pin.version is None] == []


@contextmanager
def service(answer: object) -> Iterator[tuple[str, list[Any]]]:
    """A service that always answers this: where it is, and what it was asked."""
    asked: list[Any] = []

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            said = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


def test_a_known_hole_is_said_with_its_number() -> None:
    holes = {"results": [{}, {"vulns": [{"id": "GHSA-1"}, {"id": "PYSEC-2"}]}, {}]}
    with service(holes) as (address, asked):
        found = known_holes(pins.read(PINNED), address)
    assert found == [f"butter 2.0 has a known hole: {each}" for each in ("GHSA-1", "PYSEC-2")]
    [sent] = asked
    assert sent["queries"][0] == {
        "package": {"name": "bread", "ecosystem": "PyPI"},
        "version": "1.0",
    }


@pytest.mark.parametrize("answer", [{"results": []}, {"message": "later"}, []])
def test_an_answer_that_answers_nothing_is_no_good_news(answer: object) -> None:
    with service(answer) as (address, _), pytest.raises(CouldNotAsk):
        known_holes(pins.read(PINNED), address)


def test_nobody_there_is_no_good_news() -> None:
    with pytest.raises(CouldNotAsk):
        known_holes(pins.read(PINNED), "http://127.0.0.1:9")
