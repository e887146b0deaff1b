"""Somebody at the pages whose every press of a button dies, once; then they press again."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from tests.chaos.failpoints import Failpoints, Point
from tests.chaos.standing import standing
from tests.harness import HEBDEN, Helpline
from tests.web.conftest import Browser, Page, Pages

# What is said to a second press where the first has taken away what it was about.
_USED_UP: Final = {
    "form request_changes.other_group": 404,
    "form sign_in.code": 422,
    "form sign_in.link": 410,
}


@dataclass(frozen=True)
class EveryForm:
    """Dies at every form: before or after the `nth` commit of what it does."""

    nth: int
    when: str

    def __call__(self, point: Point) -> bool:
        """Whether this is such a point."""
        is_form = point.door.startswith("form ")
        return is_form and (point.what, point.nth, point.when) == ("commit", self.nth, self.when)


Change = tuple[Counter[str], Counter[str]]
_NOTHING: Change = (Counter(), Counter())


def change(before: Counter[str], after: Counter[str]) -> Change:
    """The rows that came, and those that went."""
    return after - before, before - after


@dataclass
class Story:
    """What was pressed, and what that changed."""

    doors: list[str] = field(default_factory=list)
    # What came with each press, and what went.
    changes: list[Change] = field(default_factory=list)
    # The forms that died, and what each left half done.
    died: list[str] = field(default_factory=list)
    halves: list[str] = field(default_factory=list)


class AtThePages:
    """The pages, and all that is done there. `undisturbed` is the same story without a death."""

    def __init__(
        self, helpline: Helpline, points: Failpoints, undisturbed: Story | None = None
    ) -> None:
        self.helpline = helpline
        self.story = Story()
        self.pages = Pages(helpline)
        self._points = points
        self._undisturbed = undisturbed
        helpline.coordinator("Carol")
        helpline.volunteer("Ada")

    def as_(self, name: str) -> Browser:
        """Their browser, signed in: nobody dies meanwhile."""
        return self.pages.as_(name)

    def of_group(self, path: str, group: str = HEBDEN) -> str:
        """An address of a group's."""
        return f"/groups/{self.helpline.group_named(group)}{path}"

    def presses(self, page: Page, action: str | None = None, **typed: Any) -> Page:
        """Send a form of this page; where that dies, send it again."""
        forms = [(to, fields) for to, fields in page.forms() if not to.endswith("/sign-out")]
        fitting = [each for each in forms if action is None or each[0].endswith(action)]
        assert fitting, f"{page.path} has no {action}, but {[to for to, _ in forms]}"
        where, fields = fitting[0]
        return self.sends(page.browser, where or page.answer.request.full_path, {**fields, **typed})

    def sends(self, browser: Browser, path: str, fields: dict[str, Any]) -> Page:
        """Send these fields; where that dies, send them again."""
        door, before = self._door(path), standing(self.helpline.engine)
        self.story.doors.append(door)
        # Whoever handles a file closes it: each time it is another.
        made: Callable[[], dict[str, Any]] = lambda: {  # noqa: E731
            name: value() if callable(value) else value for name, value in fields.items()
        }
        page = self._points.visit(door, lambda: _sent(browser, path, made()), None)
        if page is None:
            self._must_be_whole(door, before)
            page = _sent(browser, path, made())
        assert page.status < 400 or page.status == _USED_UP.get(door), (
            door,
            page.status,
            page.text,
        )
        # Only the first telling is what others are held against.
        first = self._undisturbed is None
        changed = change(before, standing(self.helpline.engine)) if first else _NOTHING
        self.story.changes.append(changed)
        if page.status in (302, 303):
            return browser.opens(page.answer.headers["Location"])
        return page

    def _door(self, path: str) -> str:
        urls = self.helpline.app.url_map.bind("helpline.example")
        endpoint, _ = urls.match(path.partition("?")[0], method="POST")
        return f"form {endpoint}"

    def _must_be_whole(self, door: str, before: Counter[str]) -> None:
        """What was promised is there, all of it, or nothing is."""
        assert self._undisturbed is not None
        whole = self._undisturbed.changes[len(self.story.changes)]
        found = change(before, standing(self.helpline.engine))
        self.story.died.append(door)
        if found not in (_NOTHING, whole):
            self.story.halves.append(f"{door} is half done: {found}, not {whole}")


def _sent(browser: Browser, path: str, fields: dict[str, Any]) -> Page:
    """The answer, and what is done once it is out."""
    page = browser.posts(path, fields, follow=False)
    page.answer.get_data()
    page.answer.close()
    return page
