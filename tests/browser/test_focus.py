"""Where one is by keys alone can be seen, by daylight and with tired eyes (WCAG 2.2, 1.4.11)."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opens
from tests.browser.person import Eyes
from tests.browser.site import Site
from tests.harness import HEBDEN

# A page with each kind of field; one with names to choose from; one with a table and a menu.
PAGES = ("people/new", "rota/fill-week?week=2026-W11", "requests")


@pytest.mark.parametrize("path", PAGES)
def test_whatever_has_the_focus_is_seen_to_have_it(
    opens: Opens, site: Site, eyes: Eyes, path: str
) -> None:
    site.helpline.on_shift("Ada", hours="08:00-13:00")
    site.helpline.mobile().texts("Could somebody walk Rex?")
    carol = opens(eyes, "Carol")
    carol.opens(f"/groups/{site.helpline.group_named(HEBDEN)}/{path}")
    kinds = set()
    for _ in range(40):
        carol.page.keyboard.press("Tab")
        here = carol.page.evaluate(_HERE)
        if here is None:
            break
        kinds.add(here["kind"])
        assert here["width"] >= 3, f"no ring around {here}"
        assert here["contrast"] >= 3, f"a ring that nobody sees around {here}"
    assert len(kinds) > 2, kinds


# What has the focus, how wide the ring around it is, and how it stands out from what is beneath.
_HERE = """() => {
    const here = document.activeElement;
    if (here === document.body) return null;
    const shown = here.matches(".btn-check") ? here.nextElementSibling : here;
    const style = getComputedStyle(shown);
    const parts = colour => colour.match(/[\\d.]+/g).map(Number);
    const ground = each => getComputedStyle(each).backgroundColor;
    let under = shown.parentElement;
    while (under !== document.body && parts(ground(under))[3] === 0) under = under.parentElement;
    const light = ([r, g, b]) => [r, g, b]
        .map(each => each / 255)
        .map(each => each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
        .reduce((sum, each, at) => sum + each * [0.2126, 0.7152, 0.0722][at], 0);
    const lights = [style.outlineColor, ground(under)].map(parts).map(light);
    return {
        kind: here.type || here.localName,
        what: (here.textContent || here.name || "").trim().slice(0, 30),
        width: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
        contrast: (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05),
    };
}"""
