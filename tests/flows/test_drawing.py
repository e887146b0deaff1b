"""The drawings of the conversations: all of the flow, in its own order, in words Mermaid reads."""

import re

import pytest

from ivr.drawing import draw, drawn_into
from ivr.flows import flows
from ivr.steps import Check, Connect, Do, Flow, Menu, Record, Ring, Say, ways_out
from tests.flows.rules import rules

SMALL = Flow(
    "small",
    hello=Say("hello", then="is_open"),
    is_open=Check("is_open", yes="menu", no=None),
    menu=Menu("main_menu", {"1": "call", "0": "call"}, silence="call", lost="end"),
    call=Do("log_ask", then="ring"),
    ring=Ring("please_hold", "still_trying", answered="connect", nobody="speak"),
    connect=Connect(then="end", unanswered="speak"),
    speak=Record("leave_message", recorded="end", silence="end"),
    end=Say("goodbye"),
)
DRAWN = """\
flowchart TD
    hello("hello")
    hello --> is_open
    is_open{"is open?"}
    is_open -->|yes| menu
    is_open -->|no| the_end
    menu[/"main menu ?"/]
    menu -->|1, 0, silence| call_
    menu -->|wrong key| end_
    call_[["log ask"]]
    call_ --> ring
    ring[/"please hold: ring volunteers"/]
    ring -->|answered| connect
    ring -->|nobody| speak
    connect[/"put them through"/]
    connect -->|talked| end_
    connect -->|unanswered| speak
    speak[/"leave message …"/]
    speak -->|recorded, silence| end_
    end_(["goodbye"])
    the_end(["nothing more"])"""


def test_every_kind_of_step_has_its_shape() -> None:
    assert draw(SMALL) == DRAWN


def test_everything_that_is_drawn_to_is_drawn() -> None:
    for flow in flows(rules()):
        drawing = draw(flow)
        boxes = set(re.findall(r"^ {4}(\w+)[(\[{]", drawing, re.MULTILINE))
        arrows = set(re.findall(r"^ {4}(\w+) -->(?:\|[^|]+\|)? (\w+)$", drawing, re.MULTILINE))
        assert {end for arrow in arrows for end in arrow} <= boxes
        assert len(boxes - {"the_end"}) == len(flow.steps)
        assert len(arrows) == sum(
            len(
                {target for _, target in ways_out(step)}
                - ({None} if isinstance(step, Say) else set())
            )
            for _, step in flow
        )


PAGE = "# Calls\n\n<!-- draw:small -->\nold\n<!-- drawn -->\n\nMore words.\n"


def test_a_page_has_its_drawing_made_new_and_the_rest_left_alone() -> None:
    page = drawn_into(PAGE, [SMALL])
    assert page == PAGE.replace("\nold\n", f"\n```mermaid\n{DRAWN}\n```\n")
    assert drawn_into(page, [SMALL]) == page


@pytest.mark.parametrize("page", ["# Calls\n", PAGE + PAGE])
def test_a_page_has_one_place_for_each_drawing(page: str) -> None:
    with pytest.raises(ValueError, match="<!-- draw:small -->"):
        drawn_into(page, [SMALL])
