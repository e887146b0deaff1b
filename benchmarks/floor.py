"""The floor: the least that any webhook can do, with the same libraries and the same database.

A bare Flask view that checks the signature, inserts one row by the ORM and returns TwiML.
"""

from datetime import datetime

from flask import Flask, Response, request
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

from benchmarks.moments import TUESDAY_MORNING
from helpline.database import UtcDateTime, open_engine


class _Base(DeclarativeBase):
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy's own spelling


class Row(_Base):
    """What the floor writes down of each request."""

    __tablename__ = "floor"

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(34), unique=True)
    from_number: Mapped[str] = mapped_column(String(16))
    to_number: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


def create_floor(database_url: str, base_url: str, auth_token: str) -> Flask:
    """One view for every kind of webhook; the engine is set as the helpline's own is."""
    engine = open_engine(database_url)
    _Base.metadata.create_all(engine)
    # A connection that was open before gunicorn forks would be shared by its workers.
    engine.dispose()
    sessions = sessionmaker(engine, expire_on_commit=False)
    validator = RequestValidator(auth_token)
    app = Flask(__name__, static_folder=None)

    @app.post("/floor")
    def webhook() -> Response:
        form = request.form
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(f"{base_url}/floor", form, signature):
            return Response("no", 403)
        with sessions() as session:
            session.add(
                Row(
                    sid=form.get("CallSid") or form["MessageSid"],
                    from_number=form["From"],
                    to_number=form["To"],
                    status=form.get("CallStatus", ""),
                    at=TUESDAY_MORNING,
                )
            )
            session.commit()
        response = VoiceResponse()
        gather = Gather(num_digits=1, timeout=8, action=f"{base_url}/calls/main_menu")
        gather.say("Press 1 to talk to someone, 2 to offer help, or 3 to leave a message.")
        response.append(gather)
        response.redirect(f"{base_url}/calls/main_menu")
        return Response(str(response), mimetype="text/xml")

    return app
