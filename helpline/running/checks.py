"""What is looked at before anything is started, so that trouble is one clear line and not ten."""

import fcntl
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EADDRINUSE, EDQUOT, ENOSPC
from pathlib import Path
from typing import Final

from helpline.running.house import CannotRun

# A full disk, or somebody's share of it.
NO_ROOM: Final = (ENOSPC, EDQUOT)
# How `helpline.running.prepare` ends where the disk of the database is full.
FULL: Final = 3


def port_from(environment: Mapping[str, str], name: str, default: int) -> int:
    """The port that `name` sets. Errors: CannotRun when it is no port."""
    return whole_number(environment, name, default, most=65_535)


def whole_number(environment: Mapping[str, str], name: str, default: int, most: int) -> int:
    """What `name` sets, or `default`. Errors: CannotRun when it is no number from 1 to `most`."""
    said = environment.get(name, "").strip() or str(default)
    if not (said.isascii() and said.isdigit() and 0 < int(said) <= most):
        raise CannotRun(f"{name} is {said!r}; it must be a number from 1 to {most}.")
    return int(said)


def check_port(name: str, port: int) -> None:
    """Errors: CannotRun when nothing of ours could listen on 127.0.0.1:`port`."""
    with socket.socket() as trying:
        # As gunicorn does: a port whose last owner has just ended is free.
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind(("127.0.0.1", port))
            trying.listen()
        except OSError as error:
            trouble = "is taken by another program" if error.errno == EADDRINUSE else error.strerror
            raise CannotRun(
                f"Port {port}: {trouble}. Choose another: make run {name}={free_port()}"
            ) from None


def free_port() -> int:
    """A port that is free at this moment, to suggest."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def check_folder(folder: Path) -> bool:
    """Make `folder` if need be, for this user alone; whether its disk has room.

    A full disk is no reason to leave callers without a word. Errors: CannotRun when nothing can be
    written in it for another reason.
    """
    trial = folder / f".trial-{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        trial.write_bytes(b"?")
        trial.unlink()
    except OSError as error:
        if error.errno in NO_ROOM and folder.is_dir():
            with suppress(OSError):
                trial.unlink()
            return False
        raise CannotRun(
            f"Nothing can be written in {folder}: {error.strerror}. The helpline keeps its data "
            "there; give yourself the right to write in it, or move the helpline elsewhere."
        ) from None
    return True


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder for one helpline: two of them on the same data would spoil each other's.

    Errors: CannotRun when another holds it. The kernel lets go of it however this process ends.
    """
    with (folder / "running").open("a+", encoding="ascii") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held.seek(0)
            raise CannotRun(
                f"The helpline already runs from here (process {held.read().strip() or '?'}). "
                "End that one first, with Ctrl-C in its terminal."
            ) from None
        with suppress(OSError):
            # Only a note for whoever is refused; a full disk must not keep the line from starting.
            held.truncate(0)
            os.write(held.fileno(), str(os.getpid()).encode())
        try:
            yield
        finally:
            with suppress(OSError):
                held.truncate(0)
