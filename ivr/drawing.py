"""Draws a flow as Mermaid (https://mermaid.js.org), in the order in which a person lives it.

Pure. A rounded box says something, a pointed one asks, a leaning one waits for keys or words, a
double-sided one does something; a box with a round end is the last that is heard.
"""

import re
from collections.abc import Iterable

from ivr.steps import Ask, Check, Connect, Do, Flow, Menu, Record, Ring, Say, Step, ways_out

_END = "the_end"
# Mermaid takes these for words of its own.
_MERMAIDS = frozenset({"end", "call", "class", "click", "default", "graph", "style", "subgraph"})
_MARKED = "<!-- draw:{name} -->"
_MARKED_END = "<!-- drawn -->"


def draw(flow: Flow) -> str:
    """The flow as Mermaid's words, a node or an arrow a line; the same flow, the same words."""
    lines = ["flowchart TD"]
    for name, step in flow:
        lines.append(f"    {_node(name)}{_box(step)}")
        lines.extend(f"    {arrow}" for arrow in _arrows(name, step))
    if any(f"--> {_END}" in line or f"| {_END}" in line for line in lines):
        lines.append(f'    {_END}(["nothing more"])')
    return "\n".join(lines)


def drawn_into(page: str, flows: Iterable[Flow]) -> str:
    """A page of Markdown, its drawings made new.

    A drawing stands between <!-- draw:NAME --> and <!-- drawn -->, NAME being the flow's. Raises
    ValueError where the page has no place for one of the flows.
    """
    for flow in flows:
        begins = _MARKED.format(name=flow.name)
        place = re.compile(f"{re.escape(begins)}.*?{re.escape(_MARKED_END)}", re.DOTALL)
        drawing = f"{begins}\n```mermaid\n{draw(flow)}\n```\n{_MARKED_END}"
        page, places = place.subn(lambda _: drawing, page)  # noqa: B023 - used at once
        if places != 1:
            raise ValueError(f"write {begins} and {_MARKED_END} where the drawing belongs, once")
    return page


def _node(name: str) -> str:
    return f"{name}_" if name in _MERMAIDS else name


def _box(step: Step) -> str:
    match step:
        case Say(prompt=prompt, then=None):
            return f'(["{_said(prompt)}"])'
        case Say(prompt=prompt):
            return f'("{_said(prompt)}")'
        case Menu(prompt=prompt) | Ask(prompt=prompt):
            return f'[/"{_said(prompt)} ?"/]'
        case Record(prompt=prompt):
            return f'[/"{_said(prompt)} …"/]'
        case Ring(prompt=prompt):
            return f'[/"{_said(prompt)}: ring volunteers"/]'
        case Connect():
            return '[/"put them through"/]'
        case Check(fact=fact):
            return f'{{"{_said(fact)}?"}}'
        case Do(want=want):
            return f'[["{_said(want)}"]]'


def _why(reason: str) -> str:
    return "wrong key" if reason == "lost" else _said(reason)


def _said(name: str) -> str:
    return name.replace("_", " ")


def _arrows(name: str, step: Step) -> Iterable[str]:
    """One arrow to each step that follows, with every reason to go there."""
    reasons: dict[str | None, list[str]] = {}
    for reason, target in ways_out(step):
        # What a Do wants is written in its box.
        reasons.setdefault(target, []).append("" if isinstance(step, Do) else _why(reason))
    for target, why in reasons.items():
        if target is None and isinstance(step, Say):
            continue
        label = f"|{', '.join(why)}|" if any(why) else ""
        yield f"{_node(name)} -->{label} {_node(target) if target else _END}"
