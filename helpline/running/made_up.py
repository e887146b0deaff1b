"""Secrets of a demonstration, made up once and kept, so that sessions and data outlive it."""

import json
import os
from collections.abc import Callable
from pathlib import Path

NAMES = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "SECRET_KEY", "DATA_KEYS")


def made_up_credentials(file: Path, token_hex: Callable[[int], str]) -> dict[str, str]:
    """What `file` holds, by environment name; what it does not hold is made with `token_hex`.

    Readable by this user alone: SECRET_KEY signs what coordinators log in with, and DATA_KEYS opens
    the database.
    Errors: OSError when it cannot be written.
    """
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        kept = {name: str(kept[name]) for name in NAMES if name in kept}
    except (FileNotFoundError, ValueError, TypeError):
        kept = {}
    if len(kept) == len(NAMES):
        return kept
    made = {
        "TWILIO_ACCOUNT_SID": f"AC{token_hex(16)}",
        "TWILIO_AUTH_TOKEN": token_hex(16),
        "SECRET_KEY": token_hex(32),
        "DATA_KEYS": token_hex(32),
        **kept,
    }
    # Whole or not at all: half a file after a power cut would log every coordinator out.
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:  # noqa: PTH123
        json.dump(made, out, indent=1)
    new.replace(file)
    return made
