"""`helpline audit --verify`: whether the audit log is as it was written."""

import click

from helpline.auditing import seals
from helpline.commands import terminal
from helpline.commands.terminal import Trouble


@click.command("audit")
@click.option("--verify", is_flag=True, required=True, help="Work every seal out anew.")
def audit(verify: bool) -> None:  # noqa: ARG001 - there is one thing to do, and it is said aloud
    """Prove that nobody has changed the audit log, or taken anything from it.

    The clock seals it every minute, with SECRET_KEY. Reading it is for the pages.
    """
    settings = terminal.running_settings()
    with terminal.session(settings.database_url) as session:
        found = seals.verify(session, settings.secret_key)
    if found.broken:
        first, last, sealed_at = found.broken
        raise Trouble(
            f"Somewhere in lines {first} to {last} the audit log is not as it was sealed at "
            f"{sealed_at:%Y-%m-%d %H:%M} UTC; or SECRET_KEY is another than then."
        )
    click.echo(f"{found.lines:,} lines are as they were written; {found.unsealed} await a seal.")
