"""How pages look: our own style and script, and Bootstrap's, straight from its package."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, abort, request, url_for

from helpline.web.access import Role, open_to

look = Blueprint("look", __name__)

_OURS: Final = Path(__file__).parent / "static"
_KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOR_EVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class _File:
    plain: bytes
    packed: bytes
    version: str
    kind: str


@look.get("/look/<version>/<name>")
@open_to(Role.NOBODY)
def file(version: str, name: str) -> Response:
    """A file that pages are dressed with; a changed one has another address."""
    if name not in _names() or version != _file(name).version:
        abort(404)
    found = _file(name)
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = Response(found.packed if packs else found.plain, content_type=found.kind)
    if packs:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = _FOR_EVER
    return answer


def address(name: str) -> str:
    """Where a page finds one of these files."""
    return url_for("look.file", version=_file(name).version, name=name)


@cache
def _names() -> dict[str, Path]:
    package = find_spec("flask_bootstrap")
    assert package is not None  # noqa: S101 - it is pinned
    assert package.origin is not None  # noqa: S101
    bootstrap = Path(package.origin).parent / "static" / "bootstrap5" / "css"
    ours = {path.name: path for path in _OURS.iterdir() if path.suffix in _KINDS}
    return {"bootstrap.css": bootstrap / "bootstrap.min.css", **ours}


@cache
def _file(name: str) -> _File:
    plain = _names()[name].read_bytes()
    return _File(
        plain,
        gzip.compress(plain, 9, mtime=0),
        hashlib.sha256(plain).hexdigest()[:12],
        _KINDS[Path(name).suffix],
    )
