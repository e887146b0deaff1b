"""What is known of one person as files to hand to them: a page to read, JSON, and voicemails."""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from html import escape
from io import BytesIO
from typing import Any, Final

from helpline.privacy.exporting import Exported

_STYLE: Final = (
    "body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "dl{margin:0 0 0 1.5rem}dt{font-weight:bold}dd{margin:0 0 .3rem 1rem;white-space:pre-wrap}"
    "ol{border-left:2px solid #999}"
)


def as_zip(exported: Exported) -> bytes:
    """`about.html` to read, `about.json` for machines, and the voicemails."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("about.html", as_html(exported))
        file.writestr("about.json", as_json(exported))
        for name, sound in exported.sounds.items():
            file.writestr(name, sound)
    return packed.getvalue()


def as_json(exported: Exported) -> str:
    """For machines: instants in UTC, as ISO 8601."""
    return json.dumps(exported.everything, ensure_ascii=False, indent=1, default=_said)


def as_html(exported: Exported) -> str:
    """To read in a browser, beside the folder of voicemails; nothing in it runs."""
    body = "".join(_html(exported.everything))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>What we know about you</title><style>{_STYLE}</style>"
        f"<h1>What we know about you</h1>{body}</html>\n"
    )


def _html(what: Any) -> Iterator[str]:
    """Names and values as a list, rows as a numbered one; what is empty is left out."""
    match what:
        case dict():
            yield "<dl>"
            for name, value in what.items():
                if value not in (None, "", [], {}):
                    yield f"<dt>{escape(name.replace('_', ' '))}</dt><dd>"
                    yield from _sound(value) if name == "file" else _html(value)
                    yield "</dd>"
            yield "</dl>"
        case list():
            yield "<ol>"
            for each in what:
                yield "<li>"
                yield from _html(each)
                yield "</li>"
            yield "</ol>"
        case _:
            yield escape(_said(what))


def _sound(file: str) -> Iterator[str]:
    yield f'<audio controls src="{escape(file)}"></audio> {escape(file)}'


def _said(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat(timespec="seconds")
        case StrEnum():
            return value.value
        case _:
            return str(value)
