"""`helpline sign-in-link`: a way in for the first coordinator, and for the day when texts fail."""

import click

from helpline.commands import terminal
from helpline.commands.terminal import Mistake
from helpline.signing_in import codes
from helpline.signing_in.codes import Secrets, UnknownPerson


@click.command("sign-in-link")
@click.argument("name")
def sign_in_link(name: str) -> None:
    """Print a link by which NAME can sign in to the pages: once, within 12 hours.

    Where `make run` was given a PORT, give this one the same.
    """
    settings = terminal.running_settings()
    try:
        with terminal.session(settings.database_url) as session:
            token = codes.make_link(session, Secrets(settings.secret_key), name, terminal.now())
    except UnknownPerson as error:
        known = ", ".join(error.known) or "none yet: helpline load FILE brings some"
        raise Mistake(f"Nobody called {name} is on record. Coordinators: {known}.") from None
    click.echo(f"{settings.public_base_url}/sign-in/link/{token}")
