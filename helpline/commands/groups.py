"""Finds the group that was named at the terminal, or says which ones there are."""

from sqlalchemy.orm import Session

from helpline.commands.terminal import Mistake
from helpline.models import Group
from helpline.rota_views import shown


def group_named(session: Session, name: str | None) -> Group:
    """The group of this name; the only one there is, where none is named. Raises Mistake."""
    try:
        return shown.group_named(session, name)
    except shown.NoSuchGroup as error:
        if not error.known:
            raise Mistake("There is no group yet. Load some: helpline load FILE") from None
        known = ", ".join(error.known)
        if name is None:
            raise Mistake(f"Say which group, with --group: {known}.") from None
        raise Mistake(f"There is no group called {name}. There are: {known}.") from None
