"""Values in place of those that only a real call knows, to show or hear a prompt as it will be."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from helpline.rota_views.news import say_shifts
from helpline.rules import HOME_ZONE, Rules
from helpline.when.spans import Span

_CODE = "4821"


def examples(
    rules: Rules, language: str | None, at: datetime, *, line: str, group: str, aloud: bool
) -> dict[str, object]:
    """A value for every brace that any prompt may hold; `aloud` for one that is spoken."""
    words, menu = rules.words, rules.config.menu
    zone, soon = ZoneInfo(HOME_ZONE), at + timedelta(hours=1)
    tomorrow = at + timedelta(days=1)
    evenings = [
        Span(day, day + timedelta(hours=4)) for day in (tomorrow, tomorrow + timedelta(days=7))
    ]
    shifts = say_shifts(words, language, evenings, zone, len(evenings))
    return {
        "added": shifts,
        "areas": group,
        "by": words.by_time(soon, at, zone, language, aloud=aloud),
        "calls_this_week": words.calls_this_week(3, language),
        "complaint": "config.yaml, line 26: …",
        "code": words.digit_by_digit(_CODE, language) if aloud else _CODE,
        "count": 12,
        "group": group,
        "key": menu.talk,
        "left": "120 MB",
        "lines": "Calder Valley",
        "line": line,
        "link": "https://…",
        "listen": "1",
        "off": "4 min",
        "opens": words.at_time(tomorrow, at, zone, language, aloud=aloud),
        "ordinal": words.ordinal(3, language) or "",
        "pass": "2",
        "removed": shifts,
        "rung_back": "1",
        "shifts": shifts,
        "sign_in_code": words.digit_by_digit("123456", language) if aloud else "123456",
        "take": "1",
        "until": "2026-12-24",
        "volunteer": "Ada",
        "written": "…",
    }
