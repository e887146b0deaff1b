"""Who could help, on the page of an ask: a coordinator asks them from the line."""

from typing import Final

from flask import Blueprint, abort, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from helpline.helping import asking as service
from helpline.helping.asking import NotAMatch
from helpline.web.access import Role, asker, open_to
from helpline.web.forms import Form
from helpline.web.house import house, now
from helpline.web.opening import the_request
from helpline.web.ringing_through import to_request

matching = Blueprint("matching", __name__)

_AT: Final = "/groups/<int:group_id>/requests/<int:request_id>/match"


@matching.post(f"{_AT}/volunteers/<int:volunteer_id>")
@open_to(Role.COORDINATOR)
def ask_volunteer(group_id: int, request_id: int, volunteer_id: int) -> ResponseReturnValue:
    """Text a volunteer: could they help?"""
    if not Form().validate():
        abort(400)
    by, at = asker().volunteer_id, now()
    try:
        with house().database.unit_of_work() as writing:
            found = the_request(writing, request_id, to_change=True)
            service.ask_volunteer(writing, house().rules, found, group_id, volunteer_id, by, at)
    except NotAMatch:
        flash(gettext("They cannot be asked about this any more. Nothing was sent."), "warning")
    else:
        flash(gettext("They are asked by text. Their answer comes here."))
    return redirect(to_request(group_id, request_id) + "#match")


@matching.post(f"{_AT}/offers/<int:offer_id>")
@open_to(Role.COORDINATOR)
def ask_offer(group_id: int, request_id: int, offer_id: int) -> ResponseReturnValue:
    """Write down that somebody who offered is asked, and lead to where they are rung or texted."""
    if not Form().validate():
        abort(400)
    try:
        with house().database.unit_of_work() as writing:
            found = the_request(writing, request_id, to_change=True)
            service.ask_offer(writing, found, group_id, offer_id, asker().volunteer_id, now())
            code = found.code
    except NotAMatch:
        flash(gettext("They cannot be asked about this any more."), "warning")
        return redirect(to_request(group_id, request_id) + "#match")
    flash(gettext("Ring or text them from here about %(code)s.", code=code))
    return redirect(to_request(group_id, offer_id) + "#ring")
