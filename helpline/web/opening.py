"""The request in a page's address, for whoever may open it."""

from flask import abort
from sqlalchemy.orm import Session

from helpline import request_keys
from helpline.models import Request
from helpline.request_keys import NotTheirs
from helpline.web.access import asker, group, is_coordinator


def the_request(session: Session, request_id: int, *, to_change: bool = False) -> Request:
    """The request, for a coordinator of the page's group or the volunteer who has it; else 404."""
    try:
        return request_keys.opened(
            session,
            request_id,
            group().id,
            asker().volunteer_id,
            coordinates=is_coordinator(),
            to_change=to_change,
        )
    except NotTheirs:
        abort(404)
