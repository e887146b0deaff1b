"""What the terminal shows: each program's lines under its name, and never a phone number."""

import asyncio
import os
import re
import select
from contextlib import suppress
from typing import TextIO

_COLOURS = (36, 33, 32, 35, 34, 31)
_LONGEST_LINE = 4_000  # bytes: what a pipe that can be written to takes without blocking
# The programs mask numbers themselves; this is the second lock, for a stack trace or a stranger.
_NUMBER = re.compile(r"(?:\+|%2B)\d{7,15}|(?<![\w.])0\d{9,14}(?![\d.])")


def mask(line: str) -> str:
    """`line` with every phone number in it cut down to its last four digits."""
    return _NUMBER.sub(lambda number: f"…{number[0][-4:]}", line)


class Output:
    """Writes whole lines to `stream`, coloured if asked to.

    Nothing that happens to the terminal may hold up the phone line: lines for a stream that has
    gone are dropped, and so are lines for one that is not being read (Ctrl-S, a paused pager).
    """

    def __init__(self, stream: TextIO, *, coloured: bool, width: int = 13) -> None:
        self._stream = stream
        self._coloured = coloured
        self._width = width
        self._colours: dict[str, int] = {}
        self._dropped = 0

    def say(self, line: str = "") -> None:
        """A line of the supervisor's own, for whoever sits in front of it."""
        self._write(mask(line))

    def line(self, program: str, line: str) -> None:
        """A line that `program` wrote."""
        label = f"{program:<{self._width}}|"
        if self._coloured:
            colour = self._colours.setdefault(program, _COLOURS[len(self._colours) % len(_COLOURS)])
            label = f"\033[{colour}m{label}\033[0m"
        self._write(f"{label} {mask(line)}")

    def _write(self, line: str) -> None:
        if not self._takes_lines():
            self._dropped += 1
            return
        if self._dropped:
            line = f"({self._dropped} lines were not shown: nothing was reading them)\n{line}"
            self._dropped = 0
        with suppress(OSError, ValueError):
            self._stream.write(f"{line}\n")
            self._stream.flush()

    def _takes_lines(self) -> bool:
        """Wait a moment for a slow reader, but only the first time."""
        try:
            waiting = 0.0 if self._dropped else 0.5
            return bool(select.select([], [self._stream], [], waiting)[1])
        except (OSError, ValueError):  # closed, or no file at all
            return not self._stream.closed


class Pipe:
    """A pipe for one program's output, read line by line into an `Output` until it is closed."""

    def __init__(self, program: str, output: Output) -> None:
        self._program = program
        self._output = output
        self._rest = b""
        self._reading, self.writing = os.pipe()
        os.set_blocking(self._reading, False)
        asyncio.get_running_loop().add_reader(self._reading, self._read)

    def close_writing(self) -> None:
        """To be called once the program has its own copy of the writing end."""
        os.close(self.writing)

    def close(self) -> None:
        """Show what has been written so far, and stop listening."""
        if self._reading >= 0:
            self._read()
        self._stop()

    def _read(self) -> None:
        try:
            while piece := os.read(self._reading, 65_536):
                *lines, self._rest = (self._rest + piece).split(b"\n")
                if len(self._rest) > _LONGEST_LINE:
                    lines, self._rest = [*lines, self._rest], b""
                for line in lines:
                    self._show(line)
        except BlockingIOError:
            return
        self._stop()

    def _show(self, line: bytes) -> None:
        text = line[:_LONGEST_LINE].decode("utf-8", "replace").rstrip()
        if text:
            self._output.line(self._program, text)

    def _stop(self) -> None:
        if self._reading < 0:
            return
        self._show(self._rest)
        self._rest = b""
        asyncio.get_running_loop().remove_reader(self._reading)
        os.close(self._reading)
        self._reading = -1
