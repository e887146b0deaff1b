"""GET /what-is-kept: for how long each thing is kept and why, for whoever wants to know."""

from dataclasses import fields
from typing import Any, Final

from flask import Blueprint, render_template
from flask_babel import lazy_gettext, ngettext

from helpline.config.decided import Retention
from helpline.web.access import Role, open_to
from helpline.web.house import house

kept = Blueprint("kept", __name__)

# Of each kind of config.yaml's: what it is, from when its days are counted, and what it is for.
KINDS: Final[dict[str, tuple[Any, Any, Any]]] = {
    "voicemails": (
        lazy_gettext("The sound of a message"),
        lazy_gettext("after its request is closed"),
        lazy_gettext("Whoever helps can hear what was said."),
    ),
    "requests": (
        lazy_gettext("Whose a request was, and what was noted about it"),
        lazy_gettext("after it is closed"),
        lazy_gettext("Whoever asks again is known, and need not tell it all anew."),
    ),
    "texts": (
        lazy_gettext("Texts, ours too"),
        lazy_gettext("after they came or went, and their request is closed"),
        lazy_gettext("Whoever has a request can read what was said about it."),
    ),
    "calls": (
        lazy_gettext("Whose number rang"),
        lazy_gettext("after the call, once its request is closed"),
        lazy_gettext("Whoever could not be helped at once is rung back."),
    ),
    "blocks": (
        lazy_gettext("Who was blocked, and why"),
        lazy_gettext("after the block has ended"),
        lazy_gettext("Volunteers are kept from harm; a coordinator can answer for it."),
    ),
    "leavers": (
        lazy_gettext("A volunteer's name, number, area and languages"),
        lazy_gettext("after they have left every group"),
        lazy_gettext(
            "They are rung when they are on shift, and a question of later has an answer."
        ),
    ),
    "sign_ins": (
        lazy_gettext("When and where somebody was signed in to these pages"),
        lazy_gettext("after it ended"),
        lazy_gettext("Everybody can see where they are signed in, and end it."),
    ),
    "audit": (
        lazy_gettext("Who did what"),
        lazy_gettext("after it was done"),
        lazy_gettext("What went wrong can be put right, and nobody looks at numbers unseen."),
    ),
}


@kept.get("/what-is-kept")
@open_to(Role.NOBODY)
def show() -> str:
    """All of it in plain words, and a few sentences to be read out to a caller who asks."""
    retention = house().rules.config.retention
    rows = [
        (what, _days(getattr(retention, each.name).days), since, why)
        for each in fields(Retention)
        for what, since, why in [KINDS[each.name]]
    ]
    return render_template(
        "kept/show.html",
        rows=rows,
        voicemails=_days(retention.voicemails.days),
        everything=_days(max(retention.requests, retention.texts, retention.calls).days),
    )


def _days(count: int) -> str:
    """In years, where it is whole ones."""
    if count % 365 == 0:
        return str(ngettext("%(num)d year", "%(num)d years", count // 365))
    return str(ngettext("%(num)d day", "%(num)d days", count))
