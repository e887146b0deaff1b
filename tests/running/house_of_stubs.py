"""A house whose programs are stubs: house_of_stubs.py PORT "NAME manner manner" ...

A "bug" or a "refusal" in a stub's place is an error in the story that starts them, once the test
has said a word to the supervisor.

The supervisor reports to the test at PORT like any stub. A stub of the manner `foundation` is one,
and a `patient` one is given an hour to end, not a second.
"""

import asyncio
import os
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from helpline.running.house import CannotRun, run_until_asked
from helpline.running.output import Output
from helpline.running.programs import Program
from helpline.running.supervisor import Supervisor

ERRORS = {"bug": RuntimeError("a mistake of ours"), "refusal": CannotRun("It cannot run here.")}


def main(port: str, *stubs: str) -> int:
    async def story(supervisor: Supervisor) -> None:
        line = socket.create_connection(("127.0.0.1", int(port)))
        lines.append(line)
        line.sendall(f"supervisor\t{os.getpid()}\n".encode())
        for stub in stubs:
            if stub in ERRORS:
                line.setblocking(False)
                await asyncio.get_running_loop().sock_recv(line, 1)
                raise ERRORS[stub]
            name, *manners = stub.split()
            script = str(Path(__file__).with_name("stub.py"))
            supervisor.keep(
                Program(
                    name=name,
                    argv=(sys.executable, script, name, port, *manners),
                    environment=os.environ,
                    folder=Path.cwd(),
                    is_foundation="foundation" in manners,
                    patience=3600.0 if "patient" in manners else 1.0,
                )
            )

    lines: list[socket.socket] = []
    return run_until_asked(story, Output(sys.stdout, coloured=False))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
