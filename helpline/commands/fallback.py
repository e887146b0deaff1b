"""`helpline fallback-twiml`: what the provider keeps, and says when our server is gone."""

import click

from helpline.commands import terminal
from helpline.commands.terminal import Mistake
from helpline.phone_numbers import NotAPhoneNumber, parse
from ivr.last_resort import LastResort
from ivr.twilio.twiml import Links


@click.command("fallback-twiml")
@click.argument("line")
def fallback_twiml(line: str) -> None:
    """Print TwiML for the number LINE: a kind sentence, and the fallback number is rung.

    Keep it at Twilio (Console, TwiML Bins), and give its address to the line as "primary handler
    fails". Print it anew after a change of the words or of the fallback number.
    """
    try:
        number = parse(line).e164
    except NotAPhoneNumber as error:
        raise Mistake(f"LINE is {error}.") from None
    rules = terminal.rules(terminal.settings())
    click.echo(LastResort(rules, Links("")).without_us(number))
