"""GET …/voicemails/<voicemail>: a voicemail's audio, for whoever may open its request."""

from io import BytesIO

from flask import Blueprint, Response, abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from helpline import listening
from helpline.web.access import Role, asker, open_to
from helpline.web.house import house, now
from helpline.web.opening import the_request

recordings = Blueprint("recordings", __name__)

_AT = "/groups/<int:group_id>/requests/<int:request_id>/voicemails/<int:voicemail_id>"


@recordings.get(_AT)
@open_to(Role.VOLUNTEER)
def audio(group_id: int, request_id: int, voicemail_id: int) -> Response:
    """The audio; a part of it, where a browser asks for one to wind forward."""
    with house().database.reading() as reading:
        found = the_request(reading, request_id)
        sound = listening.sound(reading, found.id, voicemail_id)
    if sound is None:
        abort(404)
    # What is not audio is never shown as a page.
    kind = sound.content_type if sound.content_type.startswith("audio/") else "audio/x-wav"
    answer = send_file(
        BytesIO(sound.audio),
        mimetype=kind,
        conditional=True,
        etag=f"voicemail-{voicemail_id}",
        last_modified=sound.recorded_at,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@recordings.post(f"{_AT}/heard")
@open_to(Role.VOLUNTEER)
def heard(group_id: int, request_id: int, voicemail_id: int) -> ResponseReturnValue:
    """Somebody has listened to it: by the button, or the page's script when it is played."""
    with house().database.unit_of_work() as writing:
        found = the_request(writing, request_id)
        if not listening.heard(writing, found.id, voicemail_id, asker().volunteer_id, now()):
            abort(404)
    if request.headers.get("X-Live"):
        return Response(status=204)
    flash(gettext("It is marked as heard."))
    return redirect(url_for("requests.show", group_id=group_id, request_id=request_id))
