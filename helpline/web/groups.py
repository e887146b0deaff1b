"""GET /groups: somebody who belongs to several groups chooses one."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from helpline.web.access import Role, asker, open_to
from helpline.web.sign_in import home

groups = Blueprint("groups", __name__)


@groups.get("/groups")
@open_to(Role.VOLUNTEER)
def choose() -> ResponseReturnValue:
    """Their groups; whoever runs a single one, or none, has nothing to choose."""
    running = [group for group in asker().groups.values() if group.coordinator]
    if len(running) < 2:
        return redirect(home())
    return render_template("groups/choose.html", groups=running)
