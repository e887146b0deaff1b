"""POST /groups/<group>/rota/drag: a name is dragged from one shift of the week to another.

By keys and by touch the pages of the two shifts do the same: take off, put on.
"""

from zlib import crc32

from flask import abort
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from helpline.rota_edits import TakeOff
from helpline.web.access import Role, open_to
from helpline.web.rota_door import EditForm, of_choice, rota, save_or_say, shift_in
from helpline.web.rota_holes import filling, hole_in


class DragForm(EditForm):
    """Whom a name stands for, the shift they come off, and the one they are on instead."""

    volunteer = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    off = HiddenField(validators=[InputRequired()])
    onto = HiddenField(validators=[InputRequired()])


@rota.post("/groups/<int:group_id>/rota/drag")
@open_to(Role.COORDINATOR)
def drag(group_id: int) -> ResponseReturnValue:
    """Off the one and onto the other, in one edit that is undone at once."""
    form = DragForm()
    if not form.validate():
        abort(400)
    who, off, onto = form.volunteer.data, form.off.data, form.onto.data
    edits = [TakeOff(shift_in(off), who), filling(hole_in(onto), who)]
    return save_or_say(edits, of_choice(form, who, crc32(f"{off} {onto}".encode())))
