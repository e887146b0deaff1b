"""Charts drawn on the server, as SVG that says what it shows; the table beside each says the same.

No style is in them: ours comes from the style sheet, as the pages' policy demands.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

from markupsafe import Markup

if TYPE_CHECKING:
    from leather import Chart

_SVG: Final = "http://www.w3.org/2000/svg"
_NUMBER: Final = re.compile(r"-?\d+\.\d+")
_MOST_TICKS: Final = 5
# Of a telephone, so that letters are no smaller there than elsewhere.
_WIDTH: Final = 400
# What of that is left for labels under columns; a letter of one, and the air between two.
_ROOM: Final = 360
_LETTER: Final = 7
_BETWEEN: Final = 12
_SERIES: Final = ("all", "well")
# What leather draws in its own colours and letters; ours are in the style sheet.
_LOOKS: Final = ("fill", "font-family", "font-size", "stroke")


@dataclass(frozen=True, slots=True)
class Words:
    """What a chart says: its title, what is seen on it, and its two series.

    `name` makes the ids of the chart unique on its page.
    """

    name: str
    title: str
    says: str
    all: str
    well: str


@dataclass(frozen=True, slots=True)
class Row:
    """One place on a chart: its label, all there is of it, and how many of those went well."""

    label: str
    all: int
    well: int


def columns(words: Words, rows: Sequence[Row]) -> Markup:
    """A column for each row: all of it, and within it what went well.

    As many labels as have room beside each other are written under them, evenly spread.
    """
    longest = max(len(row.label) for row in rows)
    every = -(-len(rows) // max(_ROOM // (longest * _LETTER + _BETWEEN), 1))

    def draw(chart: "Chart") -> None:
        from leather.axis import Axis

        chart.add_columns([(row.label, row.all) for row in rows], name=words.all)
        chart.add_columns([(row.label, row.well) for row in rows], name=words.well)
        chart.set_x_axis(Axis(ticks=[row.label for row in rows][::every]))
        _count_on(chart.add_y_scale, chart.add_y_axis, rows)

    return _drawn(words, draw, 240)


def bars(words: Words, rows: Sequence[Row]) -> Markup:
    """The same with a bar for each row, the first at the top: for labels that are long."""

    def draw(chart: "Chart") -> None:
        chart.add_bars([(row.all, row.label) for row in rows], name=words.all)
        chart.add_bars([(row.well, row.label) for row in rows], name=words.well)
        _count_on(chart.add_x_scale, chart.add_x_axis, rows)

    return _drawn(words, draw, 110 + 34 * len(rows))


def _count_on(
    add_scale: Callable[[int, int], None], add_axis: Callable[..., None], rows: Sequence[Row]
) -> None:
    """Whole numbers from nothing to a little more than the most there is."""
    most = max(row.all for row in rows)
    step = next(
        each * 10**power
        for power in range(9)
        for each in (1, 2, 5)
        if each * 10**power * _MOST_TICKS >= most
    )
    top = max(-(-most // step), 1) * step
    add_scale(0, top)
    add_axis(ticks=list(range(0, top + 1, step)), tick_formatter=lambda value, *_: f"{value:g}")


def _drawn(words: Words, draw: Callable[["Chart"], None], height: int) -> Markup:
    # Imported late: few ever look at figures, and every web process would carry it.
    from leather import Chart

    chart = Chart()
    draw(chart)
    drawn = fromstring(chart.to_svg(width=_WIDTH, height=height))  # noqa: S314 - drawn just now
    # Leather's picture is a ground, and on it the keys above the body: axes, and the series last.
    [[_ground, on_it]] = drawn
    keys, body = on_it
    for series, key in zip(_SERIES, keys[0], strict=True):
        key.set("class", series)
    for series, shapes in zip(_SERIES, body[0][-1], strict=True):
        shapes.set("class", series)
    for each in on_it.iter():
        _leave_its_looks(each)
    svg = Element(
        f"{{{_SVG}}}svg",
        {
            "viewBox": f"0 0 {_WIDTH} {height}",
            "class": "chart",
            "role": "img",
            "aria-labelledby": f"{words.name}-title {words.name}-says",
        },
    )
    SubElement(svg, f"{{{_SVG}}}title", {"id": f"{words.name}-title"}).text = words.title
    SubElement(svg, f"{{{_SVG}}}desc", {"id": f"{words.name}-says"}).text = words.says
    svg.append(on_it)
    register_namespace("", _SVG)
    return Markup(tostring(svg, encoding="unicode"))  # noqa: S704 - its words are escaped


def _leave_its_looks(drawn: Element) -> None:
    for key, value in list(drawn.attrib.items()):
        if key in _LOOKS:
            del drawn.attrib[key]
        else:
            drawn.set(key, _NUMBER.sub(lambda found: f"{float(found[0]):.1f}", value))
