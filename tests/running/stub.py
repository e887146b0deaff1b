"""A program with nothing to do, for the supervisor to keep: it says who it is, and stays.

    stub.py NAME PORT [deaf] [tells] [child] [grandchild]

It connects to the test at PORT, so that the test learns of its life and, when the connection ends,
of its death, without asking the clock. `deaf` takes no notice of SIGTERM, `tells` says at which
moment it came; `child` and `grandchild` start another stub, deaf, in this process group or in a
session of its own.
"""

import os
import signal
import socket
import subprocess
import sys
import time


def main(name: str, port: str, *manners: str) -> int:
    line = socket.create_connection(("127.0.0.1", int(port)))

    def asked_to_end(*_: object) -> None:
        if "tells" in manners:
            line.sendall(str(time.monotonic()).encode())
        if "deaf" not in manners:
            sys.exit(0)

    signal.signal(signal.SIGTERM, asked_to_end)
    for kind in ("child", "grandchild"):
        if kind in manners:
            command = [sys.executable, __file__, f"{name}'s {kind}", port, "deaf"]
            subprocess.Popen(command, start_new_session=kind == "grandchild")
    line.sendall(f"{name}\t{os.getpid()}\n".encode())
    print(f"{name} is here", flush=True)  # noqa: T201
    while order := line.recv(100).decode():
        if order.startswith("exit"):
            return int(order.split()[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
