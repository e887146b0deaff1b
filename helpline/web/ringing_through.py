"""The button on a request's page that rings its caller through the line, and how that goes."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy.orm import Session
from wtforms import IntegerField
from wtforms.widgets import HiddenInput

from helpline.models import Request
from helpline.telephones import ringing_through as service
from helpline.telephones.ringing_through import CannotRing, Stage, Standing, WhyNot
from helpline.web.access import Role, asker, open_to
from helpline.web.forms import Form
from helpline.web.house import house, now
from helpline.web.opening import the_request

ringing_through = Blueprint("ringing_through", __name__)

WHY_NOT_WORDS: Final = {
    WhyNot.CLOSED: lazy_gettext("This request is closed. Open it again to ring."),
    WhyNot.NO_NUMBER: lazy_gettext("Their number was withheld, so they cannot be rung."),
    WhyNot.OPTED_OUT: lazy_gettext(
        "They have said STOP to the line, so the line does not ring them either."
    ),
    WhyNot.BLOCKED: lazy_gettext("They are blocked. End the block to ring them."),
    WhyNot.ON_THE_LINE: lazy_gettext("They are on the line with us at this moment."),
    WhyNot.BEING_RUNG: lazy_gettext("Somebody rings them, or talks to them, at this moment."),
    WhyNot.NOT_ALLOWED: lazy_gettext(
        "Their number is abroad, or costs extra: the line does not ring it."
    ),
    WhyNot.YOU_ARE_BUSY: lazy_gettext("Your own telephone is on another call of the line."),
}
_YOUR_WORDS: Final = {
    Stage.ABOUT_TO: lazy_gettext("Your telephone is about to ring."),
    Stage.RINGING_YOU: lazy_gettext("Your telephone rings. It shows the line's number."),
    Stage.ASKING_YOU: lazy_gettext("Press 1 on your telephone to be put through."),
    Stage.RINGING_THEM: lazy_gettext("Their telephone rings."),
    Stage.TALKING: lazy_gettext("You are talking."),
    Stage.TALKED: lazy_gettext("You talked for %(length)s."),
    Stage.THEY_DID_NOT_ANSWER: lazy_gettext("They did not answer."),
    Stage.YOU_DID_NOT_ANSWER: lazy_gettext("You did not take it: nobody was rung."),
    Stage.COULD_NOT_RING: lazy_gettext("Your telephone could not be rung. Please try again."),
}
_THEIR_WORDS: Final = {
    Stage.ABOUT_TO: lazy_gettext("%(name)s is about to ring them."),
    Stage.RINGING_YOU: lazy_gettext("%(name)s is about to ring them."),
    Stage.ASKING_YOU: lazy_gettext("%(name)s is about to ring them."),
    Stage.RINGING_THEM: lazy_gettext("%(name)s rings them."),
    Stage.TALKING: lazy_gettext("%(name)s talks to them."),
    Stage.TALKED: lazy_gettext("%(name)s talked to them for %(length)s."),
    Stage.THEY_DID_NOT_ANSWER: lazy_gettext("%(name)s rang them, and they did not answer."),
    Stage.YOU_DID_NOT_ANSWER: lazy_gettext("%(name)s did not ring them after all."),
    Stage.COULD_NOT_RING: lazy_gettext("%(name)s could not be put through."),
}


class RingForm(Form):
    """The button; `mark` makes its second coming a no-op."""

    mark = IntegerField(widget=HiddenInput(), default=0)


@dataclass(frozen=True)
class RingBlock:
    """What the block on a request's page shows; `words` None where nobody rang lately."""

    request_id: int
    standing: Standing
    form: RingForm

    @property
    def tag(self) -> str:
        """Another one whenever the block says something else."""
        through = self.standing.through
        return f"{self.standing.mark}-{through.stage if through else ''}-{self.standing.why_not}"

    @property
    def is_going_on(self) -> bool:
        """Whether somebody's telephone rings, or they talk."""
        return self.standing.through is not None and not self.standing.through.stage.is_over

    @property
    def words(self) -> str | None:
        """How the newest time goes, or went."""
        through = self.standing.through
        if through is None:
            return None
        is_yours = through.volunteer_id == asker().volunteer_id
        words = (_YOUR_WORDS if is_yours else _THEIR_WORDS)[through.stage]
        return str(words) % {"name": through.volunteer, "length": length(through.talked_seconds)}

    @property
    def why_not(self) -> str | None:
        """Why the button is not there."""
        if self.standing.why_not is None or self.is_going_on:
            return None
        return str(WHY_NOT_WORDS[self.standing.why_not])


def block(session: Session, found: Request) -> RingBlock:
    """What requests/_ring.html shows, as `ring`, of a request that whoever asks may open."""
    standing = service.standing(session, found, asker().volunteer_id, now())
    return RingBlock(found.id, standing, RingForm(formdata=None, mark=standing.mark))


def length(seconds: int | None) -> str:
    """less than a minute, 4 minutes."""
    minutes = round((seconds or 0) / 60)
    if minutes < 1:
        return str(gettext("less than a minute"))
    return str(ngettext("%(num)d minute", "%(num)d minutes", minutes))


@ringing_through.post("/groups/<int:group_id>/requests/<int:request_id>/ring")
@open_to(Role.VOLUNTEER)
def ring(group_id: int, request_id: int) -> ResponseReturnValue:
    """Ring whoever asks on their own telephone, and then the caller."""
    form = RingForm()
    mark = form.mark.data if form.validate() and form.mark.data is not None else 0
    try:
        with house().database.unit_of_work() as writing:
            found = the_request(writing, request_id)
            service.ring(writing, house().rules, found.id, asker().volunteer_id, now(), mark)
    except CannotRing as refused:
        flash(str(WHY_NOT_WORDS[refused.why]), "warning")
    else:
        flash(gettext("Your telephone rings in a moment. Pick up, and press 1."))
    return redirect(to_request(group_id, request_id))


def to_request(group_id: int, request_id: int) -> str:
    """The request's own page."""
    return url_for("requests.show", group_id=group_id, request_id=request_id)
