"""What `helpline run` says when a call could be answered, or is not: what to look at and to try."""

from helpline.phone_numbers import national
from helpline.running.environment import USUAL_PORT, Place
from helpline.running.pretend_network import Someone, WayIn


def welcome_to_pretend_network(
    place: Place, line: Someone | None, way_in: WayIn | None
) -> list[str]:
    """For a newcomer. `line` is the one to ring; None while no line is loaded.

    `way_in` leads to the pages; None while there is no coordinator.
    """
    if line is None:
        return [
            "",
            "The helpline is running, but it has no line that could be rung yet. Load one:",
            "    .venv/bin/helpline load helpline/demo.yaml   (then run this again)",
            "",
        ]
    return [
        "",
        "The helpline is ready. Its phone network is a pretend one: nothing leaves this computer.",
        "",
        f"  Handsets  {place.simulator_address}/",
        f"  Try this  On Edna's landline ring {line.name}, {national(line.number)}, and wait:",
        "            you need press nothing. A volunteer's phone rings; pick it up and press 1.",
        "            Hang up, and answer the text that the volunteer gets.",
        "  Then see  .venv/bin/helpline requests   (in another terminal)",
        *_pages(place, way_in),
        f"  Health    {place.address}/health",
        "",
        "Ctrl-C ends it all; the data stay in var/ for the next time.",
        "",
    ]


def _pages(place: Place, way_in: WayIn | None) -> list[str]:
    if way_in is None:
        return []
    # Another terminal has not heard of it.
    port = "" if place.port == USUAL_PORT else f"PORT={place.port} "
    return [
        f"  Pages     {way_in.link}",
        f"            signs you in as {way_in.name}, once; for another link, in another terminal:",
        f"            {port}.venv/bin/helpline sign-in-link {way_in.name}",
    ]


def no_room(place: Place) -> list[str]:
    """For whoever looks at the terminal while nothing can be written down."""
    return [
        "",
        "!!! THE DISK IS FULL: nothing can be written down, and no volunteer is rung.",
        "    Whoever rings hears a sentence, and is put through to the fallback number.",
        f"    Make room: what is big in {place.var} or beside it is shown by",
        f"    du -sh {place.var}/* | sort -h   (leave what begins with helpline.db or valkey)",
        "    It is tried again by itself, and then everything else starts.",
        "",
    ]


def welcome_to_twilio(place: Place, public_base_url: str) -> list[str]:
    """For a coordinator with a line of their own: what Twilio has to be told."""
    return [
        "",
        f"The helpline is ready at {place.address}, for {public_base_url}.",
        "",
        "  In Twilio's console, each number of yours needs these three, each with HTTP POST:",
        f"    a call comes in       {public_base_url}/calls/incoming",
        f"    call status changes   {public_base_url}/calls/status",
        f"    a message comes in    {public_base_url}/texts/incoming",
        f"  Health: {place.address}/health",
        "  To the pages, in another terminal: .venv/bin/helpline sign-in-link NAME",
        "",
        "Ctrl-C ends it all; the data stay where they are.",
        "",
    ]
