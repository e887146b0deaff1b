"""Runs the migrations on the connection that `helpline.migrations` gives, in its transaction."""

from alembic import context

# Every table is known once the models are imported.
from helpline import models  # noqa: F401
from helpline.database import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite can alter little of a table: there it is written anew, with everything in it.
    render_as_batch=True,
)
context.run_migrations()
