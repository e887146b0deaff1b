"""Credentials for the pretend phone network, made up once and kept, so that sessions outlive it."""

import json
import os
from collections.abc import Callable
from pathlib import Path

NAMES = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "SECRET_KEY")


def made_up_credentials(file: Path, token_hex: Callable[[int], str]) -> dict[str, str]:
    """What `file` holds, by environment name; made with `token_hex` when it holds nothing usable.

    Readable by this user alone: SECRET_KEY signs what coordinators log in with.
    Errors: OSError when it cannot be written.
    """
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return {name: str(kept[name]) for name in NAMES}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        made = {
            "TWILIO_ACCOUNT_SID": f"AC{token_hex(16)}",
            "TWILIO_AUTH_TOKEN": token_hex(16),
            "SECRET_KEY": token_hex(32),
        }
    # Whole or not at all: half a file after a power cut would log every coordinator out.
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:  # noqa: PTH123
        json.dump(made, out, indent=1)
    new.replace(file)
    return made
