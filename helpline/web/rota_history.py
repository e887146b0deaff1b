"""GET /groups/<group>/rota/history: who did what to the rota, when; undone with one tap."""

from flask import render_template, request

from helpline import rota_edits
from helpline.rota_edits import CannotEdit, InThePast, TooLongAgo, UndoneAlready
from helpline.web import previews, rota_words
from helpline.web.access import Role, group, open_to
from helpline.web.house import house, now
from helpline.web.rota_door import EditForm, rota
from helpline.web.rota_words import gettext

A_PAGE = 50


@rota.get("/groups/<int:group_id>/rota/history")
@open_to(Role.COORDINATOR)
def history(group_id: int) -> str:
    """The newest edits first."""
    before = request.args.get("before", type=int)
    with house().database.reading() as reading:
        found = rota_edits.history(reading, group().id, now(), before=before, limit=A_PAGE)
    return render_template(
        "rota/history.html",
        edits=[
            (each, rota_words.say_past(each, found.names), found.names.get(each.made_by_id or 0))
            for each in found.edits
        ],
        before=before,
        more=found.edits[-1].id if len(found.edits) == A_PAGE else None,
        form=EditForm(formdata=None),
    )


def cannot_undo(problem: CannotEdit) -> str:
    """Why an edit cannot be undone."""
    match problem:
        case UndoneAlready():
            return gettext("That is undone already.")
        case TooLongAgo():
            return gettext("That is more than thirty days ago, and cannot be undone any more.")
        case InThePast():
            return gettext("All of that has passed: the past never changes.")
    return previews.cannot(problem)
