"""Feed every parser anything at all: `make fuzz`, or `python -m tests.fuzz --inputs 10000000`.

Atheris tries what leads to code that was not reached before; where its makers do not build it,
hypothesis tries what looks like input. Each parser is fed in a process of its own. What breaks one
is kept in var/fuzz/, and is fed to it again by `--parser NAME --again FILE`. Then all that may come
is sent to the doors of the whole house (`tests.fuzz.door`), `--knocks` times.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
BROKEN = ROOT / "var" / "fuzz"
# As libFuzzer says it.
_FED = "stat::number_of_executed_units:"
_LINES_SHOWN = 40
# Of a million inputs, how many each parser gets: in about the same time, as far as it is fast.
SHARES = {
    "forms": 60_000,
    "texts": 160_000,
    "numbers": 100_000,
    "pattern words": 60_000,
    "dates": 300_000,
    "edits": 160_000,
    "sealed": 100_000,
    "config": 1_000,
    "load files": 1_000,
    "csv files": 15_000,
    "xlsx files": 500,
    "twiml": 42_500,
}


def say(line: str) -> None:
    """A line for whoever waits."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def feed(name: str, inputs: int, seed: int) -> None:
    """Feed one parser in this process, and end it: by 0 when nothing broke."""
    try:
        import atheris
    except ImportError:
        _by_hypothesis(name, inputs, seed)
        return
    with atheris.instrument_imports(include=["helpline", "ivr", "simulator"]):
        from tests.fuzz.parsers import PARSERS
    from tests.fuzz.parts import dictionary

    parser = next(each for each in PARSERS if each.name == name)
    with tempfile.TemporaryDirectory(prefix="helpline-fuzz-") as made:
        folder = Path(made)
        (folder / "words").write_text(dictionary(parser))
        (folder / "seeds").mkdir()
        for number, each in enumerate(parser.seeds()):
            (folder / "seeds" / str(number)).write_bytes(each)
        options = [f"-runs={inputs}", f"-max_len={parser.longest}", f"-seed={seed}"]
        # One that takes as long hangs, for whoever waits for an answer.
        options += ["-timeout=10", f"-dict={folder / 'words'}", f"-artifact_prefix={BROKEN}/"]
        options += ["-print_final_stats=1"]
        atheris.Setup([sys.argv[0], *options, str(folder / "seeds")], parser.feed)
        atheris.Fuzz()


def _by_hypothesis(name: str, inputs: int, seed: int) -> None:
    import hypothesis

    from tests.fuzz.parsers import PARSERS
    from tests.fuzz.parts import inputs as inputs_of

    parser = next(each for each in PARSERS if each.name == name)

    @hypothesis.settings(
        max_examples=inputs,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.seed(seed)
    @hypothesis.given(inputs_of(parser))
    def run(data: bytes) -> None:
        parser.feed(data)

    run()
    say(f"{_FED} {inputs}")


def feed_all(inputs: int, seed: int, only: str | None) -> int:
    """Each parser its share, one after the other; how many broke."""
    broken, total, began = 0, 0, time.monotonic()
    for name, share in SHARES.items():
        if only not in (None, name):
            continue
        count = inputs if only else max(1, inputs * share // 1_000_000)
        started = time.monotonic()
        argv = [sys.executable, "-m", "tests.fuzz", "--one", name]
        argv += ["--inputs", str(count), "--seed", str(seed)]
        done = subprocess.run(argv, cwd=ROOT, check=False, capture_output=True, text=True)
        took = time.monotonic() - started
        said = done.stdout + done.stderr
        # What it was really fed, in its own words.
        found = re.search(rf"^{_FED} *(\d+)$", said, re.MULTILINE)
        fed = int(found[1]) if found and not done.returncode else 0
        if fed < count:
            broken += 1
            # Not how libFuzzer got on, and what was instrumented.
            lines = [line for line in said.splitlines() if not line.startswith(("#", "INFO:"))]
            say("\n".join(lines[-_LINES_SHOWN:]))
        total += fed
        how = f"BROKE ({done.returncode})" if fed < count else "ok"
        say(f"{name:14} {fed:>10,} inputs in {took:6.0f} s, {fed / took:>8,.0f} a second: {how}")
    took = time.monotonic() - began
    say(f"{total:,} inputs in {took:.0f} s, seed {seed}; {broken} parsers broke.")
    return broken


def knock(knocks: int, seed: int) -> bool:
    """Send that many requests to the whole house; whether it broke. It says itself what did."""
    argv = [sys.executable, "-m", "tests.fuzz.door", "--inputs", str(knocks), "--seed", str(seed)]
    return subprocess.run(argv, cwd=ROOT, check=False).returncode != 0


def main() -> int:
    """0 when nothing broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=None, help="made up from the clock otherwise")
    parser.add_argument("--knocks", type=int, default=300_000, help="0: leave the doors alone")
    parser.add_argument("--parser", choices=SHARES, help="feed only this one")
    parser.add_argument("--one", choices=SHARES, help=argparse.SUPPRESS)
    parser.add_argument("--again", type=Path, help="a file that broke the parser")
    asked = parser.parse_args()
    seed = asked.seed or time.time_ns() % 2**31
    BROKEN.mkdir(parents=True, exist_ok=True)
    if asked.again:
        from tests.fuzz.parsers import PARSERS

        [found] = [each for each in PARSERS if each.name == asked.parser]
        found.feed(asked.again.read_bytes())
        return 0
    if asked.one:
        feed(asked.one, asked.inputs, seed)
        return 0
    broken = feed_all(asked.inputs, seed, asked.parser)
    knocks = 0 if asked.parser else asked.knocks
    return 1 if (knocks and knock(knocks, seed)) or broken else 0


if __name__ == "__main__":
    sys.exit(main())
