"""The command `helpline`: what it can do, each part loaded only when it is asked for."""

from importlib import import_module

import click

# In the order in which a newcomer meets them. Loaded by name: `helpline --help` is answered at
# once, and `helpline run` does not wait for what only other commands need.
COMMANDS = {
    "run": ("helpline.running.command:run_command", "Start everything."),
    "check": ("helpline.commands.check:check", "Look for mistakes before a caller finds them."),
    "load": ("helpline.commands.load:load", "Load lines, groups, volunteers and rotas."),
    "who-is-on": ("helpline.commands.rota:who_is_on", "Who is on shift, until when and why."),
    "rota": ("helpline.commands.rota:rota", "The rota day by day, and its gaps."),
    "sign-in-link": ("helpline.commands.sign_in_link:sign_in_link", "A way in to the pages."),
    "requests": ("helpline.commands.requests:requests", "Every request, with its whole story."),
    "block": ("helpline.commands.blocks:block", "Turn a caller away for a while, or list who is."),
    "unblock": ("helpline.commands.blocks:unblock", "Let a caller through again."),
    "export": ("helpline.commands.erase:export", "Everything about one person, to be handed over."),
    "erase": ("helpline.commands.erase:erase", "Forget one person, three days from now."),
    "talk": ("helpline.commands.talk:talk", "Hold a conversation in this terminal."),
    "draw": ("helpline.commands.draw:draw", "Draw the conversations as Mermaid."),
    "audit": ("helpline.commands.audit:audit", "Prove that the audit log is as it was written."),
    "backup": ("helpline.commands.backups:backup", "Write an encrypted backup of everything."),
    "restore": ("helpline.commands.backups:restore", "Put a backup into an empty database."),
    "backup-key": ("helpline.commands.backups:backup_key", "Make up a key for backups."),
    "rotate-keys": ("helpline.commands.keys:rotate_keys", "Seal everything by the newest key."),
    "fallback-twiml": (
        "helpline.commands.fallback:fallback_twiml",
        "What the provider should say when our server is gone.",
    ),
    "migrate": ("helpline.commands.migrate:migrate", "Bring the database up to date."),
}


class _Commands(click.Group):
    """Commands that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own shape
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101 - the table above is ours
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def helpline() -> None:
    """A telephone line and texts for neighbours who help each other."""


def main() -> None:
    """Run the command that was typed; the exit code is 0, 1 for trouble, 2 for a mistake."""
    helpline(prog_name="helpline")


if __name__ == "__main__":
    main()
