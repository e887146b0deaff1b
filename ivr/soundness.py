"""Proves a flow sound before anybody rings: it leads on from everywhere, and says what it names.

Pure, like the engine. What is found wrong is a sentence that names the flow and the step.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property

from helpline.config.prompts import Braces
from ivr.steps import Ask, Check, Connect, Do, Flow, Menu, Record, Ring, Say, Step, ways_out

# Said by the engine itself, whatever the flow.
WRONG_KEY = "wrong_key"
# `*` repeats, and is the engine's.
_KEYS = frozenset("0123456789#")


@dataclass(frozen=True)
class Names:
    """What a flow may name. `wording` is prompt -> language -> words, as config.yaml has it.

    `is_spoken` is False for texts, where saying nothing is an answer. `given` are the values known
    at every prompt, `given_at` those of one prompt alone; `by` is known once one of the wants
    `promising` was carried out.
    """

    facts: type
    wants: Collection[str]
    prompts: Mapping[str, Braces]
    wording: Mapping[str, Mapping[str, str]]
    languages: Collection[str]
    is_spoken: bool
    given: frozenset[str] = frozenset()
    given_at: Mapping[str, frozenset[str]] = field(default_factory=dict)
    promising: frozenset[str] = frozenset()
    # The keys that the choices of an Ask may come to have: "1" to the last area's.
    area_keys: frozenset[str] = frozenset()

    @cached_property
    def known(self) -> frozenset[str]:
        """The names of the facts."""
        return frozenset(each.name for each in fields(self.facts))


def complaints(flow: Flow, names: Names) -> list[str]:
    """Everything that is wrong with a flow, a sentence each; none when it is sound."""
    found = list(_of_targets(flow))
    if not found:
        # Only where every step leads to a step can the rest be followed.
        found += _of_reach(flow)
        found += _of_circles(flow)
        found += _of_dead_lines(flow) if names.is_spoken else []
        found += _of_promises(flow, names)
    for name, step in flow:
        found += [
            f"flow {flow.name}, step {name}: {wrong}"
            for wrong in (*_of_names(step, names), *_of_keys(step, names), *_of_words(step, names))
        ]
    return found


def _of_targets(flow: Flow) -> Iterator[str]:
    """Every step leads to a step there is, and whoever was waited for is led on."""
    for name, step in flow:
        for reason, target in ways_out(step):
            way = f"flow {flow.name}, step {name}" + (f", on {reason}" if reason else "")
            if target is None and name in flow.waiting:
                yield f"{way}: leads nowhere; somebody would be left on a dead line"
            elif target is not None and target not in flow.steps:
                yield f"{way}: leads to {target}, and there is no such step"


def _of_reach(flow: Flow) -> Iterator[str]:
    reached = _reached(flow, [flow.first])
    for name, _ in flow:
        if name not in reached:
            yield f"flow {flow.name}, step {name}: nothing leads to it"


def _reached(flow: Flow, begin: Iterable[str], but: Collection[str] = ()) -> set[str]:
    """The steps that can come after these, which are among them; those in `but` lead nowhere."""
    reached: set[str] = set()
    ahead = list(begin)
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            if name not in but:
                ahead += [target for _, target in ways_out(flow[name]) if target is not None]
    return reached


def _of_circles(flow: Flow) -> Iterator[str]:
    """No circle that never waits, and none in which somebody who says nothing goes round for ever.

    Steps are taken away from the end backwards, out of waiting ones as silence would have it; what
    cannot be taken away goes round.
    """
    left = {name: set(_after_silence(step)) for name, step in flow}
    while ended := {name for name, targets in left.items() if not targets & left.keys()}:
        for name in ended:
            del left[name]
    if left:
        path: list[str] = []
        name = next(iter(left))
        while name not in path:
            path.append(name)
            name = min(left[name] & left.keys())
        circle = path[path.index(name) :]
        silent = "who says nothing goes round" if flow.waiting & set(circle) else "it never waits"
        yield f"flow {flow.name}: {silent} in {' -> '.join((*circle, name))}"


def _after_silence(step: Step) -> tuple[str, ...]:
    """Where a step leads by itself, or when nothing is heard and nobody comes."""
    match step:
        case Menu(silence=silence) | Ask(silence=silence) | Record(silence=silence):
            return (silence,)
        case Ring(nobody=nobody):
            return (nobody,)
        case Connect(unanswered=unanswered):
            return (unanswered,)
    return tuple(target for _, target in ways_out(step) if target is not None)


def _of_dead_lines(flow: Flow) -> Iterator[str]:
    """Whatever somebody did, they hear a word before we hang up."""
    heard_at = [target for name in flow.waiting for _, target in ways_out(flow[name])]
    silent = {flow.first, *(target for target in heard_at if target is not None)}
    ahead = list(silent)
    while ahead:
        name = ahead.pop()
        if name in flow.waiting or isinstance(flow[name], Say):
            continue
        for _, target in ways_out(flow[name]):
            if target is None:
                yield f"flow {flow.name}, step {name}: hangs up without a word"
            elif target not in silent:
                silent.add(target)
                ahead.append(target)


def _of_promises(flow: Flow, names: Names) -> Iterator[str]:
    """A prompt that says by when comes after something that promised it."""
    promising = [n for n, s in flow if isinstance(s, Do) and s.want in names.promising]
    for name in _reached(flow, [flow.first], but=promising) - set(promising):
        for prompt, _ in _prompts_of(flow[name]):
            if "by" in _asked_for(prompt, names):
                yield f"flow {flow.name}, step {name}: says by when, and nothing was promised yet"


def _of_names(step: Step, names: Names) -> Iterator[str]:
    """Wants have an action; facts are there."""
    want = step.want if isinstance(step, Do | Ask) else None
    if want is not None and want not in names.wants:
        yield f"wants {want}, and nothing does that"
    fact = step.fact if isinstance(step, Check) else step.options if isinstance(step, Ask) else None
    if fact is not None and fact not in names.known:
        yield f"asks for {fact}, and {names.facts.__name__} has no such fact"


def _of_keys(step: Step, names: Names) -> Iterator[str]:
    """Keys are keys of a telephone, and each means one thing."""
    if isinstance(step, Menu | Ask | Record):
        keys = step.keys if isinstance(step, Record) else step.choices
        for key in keys.keys() - _KEYS:
            yield f"waits for key {key}, which no telephone has for it"
        for key in sorted(names.area_keys & keys.keys()) if isinstance(step, Ask) else ():
            yield f"waits for key {key}, which may be an area's"


def _of_words(step: Step, names: Names) -> Iterator[str]:
    """What is said is written in every language, and all that goes into it is known."""
    for prompt, values in _prompts_of(step):
        if prompt not in names.prompts:
            yield f"says {prompt}, and there is no such prompt"
            continue
        for language in names.languages:
            if not names.wording.get(prompt, {}).get(language):
                yield f"says {prompt}, which is not written in {language}"
        given = names.given | names.given_at.get(prompt, frozenset()) | values | {"by"}
        for brace in sorted(_asked_for(prompt, names) - given):
            yield f"says {prompt}, and nothing is known to fill {{{brace}}} with"


def _prompts_of(step: Step) -> tuple[tuple[str, frozenset[str]], ...]:
    """Every prompt that a step may say, and the values that the engine gives it."""
    nothing: frozenset[str] = frozenset()
    match step:
        case Say(prompt=prompt):
            return ((prompt, nothing),)
        case Menu(prompt=prompt, choices=choices, also=also):
            return ((prompt, frozenset(choices.values())), (WRONG_KEY, nothing), *_plain(also))
        case Ask(prompt=prompt, each=each, also=also):
            of_each = frozenset({"key", "group"})
            return ((prompt, nothing), (each, of_each), (WRONG_KEY, nothing), *_plain(also))
        case Record(prompt=prompt, keys=keys):
            return ((prompt, frozenset(keys.values())), (WRONG_KEY, nothing))
        case Ring(prompt=prompt, between=between):
            return ((prompt, nothing), (between, nothing))
    return ()


def _plain(prompts: Iterable[str]) -> Iterator[tuple[str, frozenset[str]]]:
    return ((prompt, frozenset()) for prompt in prompts)


def _asked_for(prompt: str, names: Names) -> frozenset[str]:
    return names.prompts[prompt].asked_for if prompt in names.prompts else frozenset()
