"""What was saved of a rota a moment ago, with its undo; and what stands in the way of undoing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue

from helpline import rota_edits
from helpline.rota_edits import Since
from helpline.rota_views import news
from helpline.web import rota_words, wording
from helpline.web.access import asker, group
from helpline.web.house import house, now
from helpline.web.rota_door import EditForm


@dataclass(frozen=True, slots=True)
class Done:
    """What was saved a moment ago, to be said at the head of a page, with its undo.

    `told_at` is when whoever it concerns is told by text (UTC); None: it concerns nobody.
    """

    edit_id: int
    lines: list[str]
    is_undo: bool
    told_at: datetime | None

    @property
    def is_told_soon(self) -> bool:
        """Not only after quiet hours."""
        return self.told_at is not None and self.told_at <= now() + news.PAUSE


def done_lately() -> Done | None:
    """What the address says was saved a moment ago by whoever asks."""
    edit_id = request.args.get("saved", type=int)
    if edit_id is None:
        return None
    with house().database.reading() as reading:
        found = rota_edits.history(reading, group().id, now(), before=edit_id + 1, limit=1)
        edit = next(iter(found.edits), None)
        if edit is None or edit.id != edit_id or edit.made_by_id != asker().volunteer_id:
            return None
        if not edit.may_be_undone:
            return None
        told_at = news.told_at(reading, house().rules, group().id, wording.zone(), edit.made_at)
    lines = rota_words.say_past(edit, found.names)
    return Done(edit_id, lines, edit.undoes_id is not None, told_at)


def stand_on_it(edit_id: int, later: Sequence[Since]) -> ResponseReturnValue:
    """Why an edit cannot be undone: what stands on it, the newest first."""
    with house().database.reading() as reading:
        past = rota_edits.history(reading, group().id, now(), before=later[-1].id + 1)
    meant = {each.id for each in later}
    return (
        render_template(
            "rota/stands.html",
            edits=[
                (each, rota_words.say_past(each, past.names), past.names.get(each.made_by_id or 0))
                for each in past.edits
                if each.id in meant
            ],
            edit_id=edit_id,
            form=EditForm(formdata=None),
        ),
        409,
    )
