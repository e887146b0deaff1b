"""What the programs of the house are told: the environment, completed where it is silent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from helpline.running.checks import port_from
from helpline.running.made_up import made_up_credentials
from helpline.running.store import redis_url

USUAL_PORT: Final = 8000


@dataclass(frozen=True)
class Place:
    """Where the helpline runs: `root` holds the code and config.yaml, `var` everything it keeps."""

    root: Path
    port: int
    simulator_port: int

    @property
    def var(self) -> Path:
        """The database, the queue's store, recordings and made-up credentials."""
        return self.root / "var"

    @property
    def store(self) -> Path:
        """The embedded store's folder."""
        return self.var / "valkey"

    @property
    def address(self) -> str:
        """Where this machine's programs reach the web server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def simulator_address(self) -> str:
        """Where the pretend phone network and its handsets are."""
        return f"http://127.0.0.1:{self.simulator_port}"


def place_from(environ: Mapping[str, str], root: Path) -> Place:
    """PORT (8000) and SIMULATOR_PORT (8001). Errors: CannotRun when either is no port."""
    return Place(
        root=root,
        port=port_from(environ, "PORT", USUAL_PORT),
        simulator_port=port_from(environ, "SIMULATOR_PORT", 8001),
    )


def is_pretend(environ: Mapping[str, str]) -> bool:
    """Is the phone network to be the pretend one? Yes, unless there is anything of Twilio's.

    A token without an account is a slip, which the settings complain of: not a wish to pretend.
    """
    return not (is_set(environ, "TWILIO_ACCOUNT_SID") or is_set(environ, "TWILIO_AUTH_TOKEN"))


def has_own_store(environ: Mapping[str, str]) -> bool:
    """Is the queue's store ours to start? Yes, unless REDIS_URL names another."""
    return not is_set(environ, "REDIS_URL")


def complete(
    environ: Mapping[str, str], place: Place, token_hex: Callable[[int], str]
) -> dict[str, str]:
    """`environ` with all that `helpline run` adds to it; what is already set stays as it is.

    Credentials that are made up with `token_hex` are kept in `place.var`, and found there again.
    """
    completed = dict(environ)
    if has_own_store(environ):
        completed["REDIS_URL"] = redis_url(place.store)
    if is_pretend(environ):
        added = made_up_credentials(place.var / "made_up.json", token_hex)
        added["PUBLIC_BASE_URL"] = place.address
        added["TWILIO_API_BASE_URL"] = place.simulator_address
        added["HELPLINE_REHEARSAL"] = "1"
        for name, value in added.items():
            if not is_set(environ, name):
                completed[name] = value
    return completed


def is_set(environ: Mapping[str, str], name: str) -> bool:
    """A variable that is set to nothing counts as not set."""
    return bool(environ.get(name, "").strip())
