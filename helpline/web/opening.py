"""The request in a page's address, for whoever may open it."""

from flask import abort
from sqlalchemy.orm import Session

from helpline import request_keys
from helpline.models import Request
from helpline.request_keys import NotTheirs
from helpline.web.access import asker, be_volunteer, group, is_coordinator, is_for_coordinators


def the_request(session: Session, request_id: int, *, to_change: bool = False) -> Request:
    """The request, for a coordinator of the page's group or the volunteer who has it; else 404.

    Whoever has one of another group of the line is a volunteer on its page, whatever they are here.
    """
    here, who = group().id, asker().volunteer_id
    coordinates = is_coordinator()
    try:
        return request_keys.opened(
            session, request_id, here, who, coordinates=coordinates, to_change=to_change
        )
    except NotTheirs:
        if is_for_coordinators():
            abort(404)
    try:
        found = request_keys.opened_as_holder(session, request_id, here, who, to_change=to_change)
    except NotTheirs:
        abort(404)
    be_volunteer()
    return found
