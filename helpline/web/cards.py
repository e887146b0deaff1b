"""The caller's card on a request's page, and the page on which it is changed."""

from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from helpline import cards as service
from helpline.cards import Card, ChangedMeanwhile, Wishes
from helpline.models import Request
from helpline.request_states import State
from helpline.web.access import Role, asker, group, open_to
from helpline.web.forms import Form, one_line, some_lines
from helpline.web.house import house, now
from helpline.web.opening import the_request
from helpline.web.ringing_through import to_request

cards = Blueprint("cards", __name__)

STATE_WORDS: Final = {
    State.OPEN: lazy_gettext("open"),
    State.DONE: lazy_gettext("done"),
    State.NOT_MET: lazy_gettext("could not be met"),
    State.WITHDRAWN: lazy_gettext("withdrawn"),
}


class CardForm(Form):
    """What is written on a card."""

    called = StringField(
        lazy_gettext("What they like to be called"),
        [Length(max=service.LONGEST_NAME)],
        filters=[one_line],
    )
    hard_of_hearing = BooleanField(lazy_gettext("Hard of hearing"))
    no_messages = BooleanField(lazy_gettext("Do not leave messages"))
    no_texts = BooleanField(lazy_gettext("Do not text"))
    approach = TextAreaField(
        lazy_gettext("What was agreed"),
        [Length(max=service.LONGEST_APPROACH)],
        filters=[some_lines],
        render_kw={"rows": 4},
    )
    version = IntegerField(widget=HiddenInput())

    def wishes(self) -> Wishes:
        """What was written."""
        return Wishes(
            self.called.data,
            self.hard_of_hearing.data,
            self.no_messages.data,
            self.no_texts.data,
            self.approach.data,
        )


def block(session: Session, found: Request, group_id: int) -> Card | None:
    """What requests/_card.html shows, as `card`."""
    return service.of(session, found, group_id)


@cards.route("/groups/<int:group_id>/requests/<int:request_id>/card", methods=["GET", "POST"])
@open_to(Role.VOLUNTEER)
def change(group_id: int, request_id: int) -> ResponseReturnValue:
    """Change a caller's card; the second of two who do so is shown what the first one wrote."""
    with house().database.reading() as reading:
        found = the_request(reading, request_id)
        card = service.of(reading, found, group_id)
    if card is None:
        abort(404)
    form = CardForm(obj=card.wishes)
    if not form.is_submitted():
        form.version.data = card.version
        return _page(form, found, 200)
    if not form.validate():
        return _page(form, found, 422)
    try:
        with house().database.unit_of_work() as writing:
            held = the_request(writing, request_id)
            version = form.version.data or 0
            service.change(writing, held, form.wishes(), version, asker().volunteer_id, now())
    except ChangedMeanwhile as other:
        # What was typed stays; sent again, it is a change of what stands now.
        form.version.raw_data, form.version.data = None, other.card.version
        return _page(form, found, 409, other.card.wishes)
    flash(gettext("The card is written."))
    return redirect(to_request(group_id, request_id))


def _page(
    form: CardForm, found: Request, status: int, theirs: Wishes | None = None
) -> ResponseReturnValue:
    back = to_request(group().id, found.id)
    said = render_template("cards/change.html", form=form, found=found, theirs=theirs, back=back)
    return said, status
