"""`helpline draw`: the conversations as Mermaid, printed or written into a page."""

from pathlib import Path

import click

from helpline.commands import terminal
from helpline.commands.terminal import Mistake
from ivr.drawing import draw as drawn
from ivr.drawing import drawn_into
from ivr.flows import flows


@click.command("draw")
@click.argument("names", nargs=-1, metavar="[call] [volunteer] [text] [code]")
@click.option("--into", "page", type=click.Path(path_type=Path), help="A page to bring up to date.")
def draw(names: tuple[str, ...], page: Path | None) -> None:
    """Draw the call, the volunteer's side of it, texts and spoken codes, or only those named.

    config.yaml shapes them. With --into, the drawings in a page are made new: they stand between
    <!-- draw:call --> and <!-- drawn -->.
    """
    all_flows = flows(terminal.rules(terminal.settings()))
    known = [flow.name for flow in all_flows]
    if unknown := [name for name in names if name not in known]:
        raise Mistake(
            f"There is no conversation called {', '.join(unknown)}; there are {', '.join(known)}."
        )
    chosen = [flow for flow in all_flows if not names or flow.name in names]
    if page is None:
        click.echo("\n\n".join(drawn(flow) for flow in chosen))
        return
    try:
        text = page.read_text(encoding="utf-8")
        new = drawn_into(text, chosen)
        if new != text:
            page.write_text(new, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Mistake(f"{page}: {error}.") from None
    click.echo(f"{page} is up to date.")
