"""GET /groups/<group>/words: all that the line says and texts, to be read, and heard."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from helpline import wording_views
from helpline.config.prompts import SPOKEN
from helpline.telephones import telling
from helpline.texting import short_links
from helpline.web.access import Role, asker, group, open_to
from helpline.web.forms import Form
from helpline.web.house import house, now
from helpline.wording_views import SpokenPrompt, TextedPrompt

words = Blueprint("words", __name__)

# Each part begins with this prompt, in the order of `helpline.config.prompts`.
SPOKEN_PARTS: Final[Mapping[str, Any]] = {
    "welcome": lazy_gettext("Somebody rings"),
    "please_hold": lazy_gettext("While somebody is found for them"),
    "no_one_free": lazy_gettext("When nobody can come"),
    "leave_message": lazy_gettext("A message, or an offer to help"),
    "unknown_line": lazy_gettext("When something is wrong"),
    "one_moment": lazy_gettext("Before and after the talk"),
    "callback_welcome": lazy_gettext("We ring a caller"),
    "screening": lazy_gettext("To a volunteer who is rung"),
    "screening_callback": lazy_gettext("To a volunteer who rings somebody back"),
    "sign_in_call": lazy_gettext("To a volunteer who signs in"),
}
TEXTED_PARTS: Final[Mapping[str, Any]] = {
    "receipt": lazy_gettext("To a caller"),
    "follow_up_volunteer": lazy_gettext("To a volunteer"),
    "alert_worried": lazy_gettext("To the coordinators"),
}
_Prompt = TypeVar("_Prompt", SpokenPrompt, TextedPrompt)


@words.get("/groups/<int:group_id>/words")
@open_to(Role.COORDINATOR)
def show(group_id: int) -> str:
    """Every prompt in one language, with examples where a call fills something in."""
    rules, language = house().rules, _language()
    with house().database.reading() as reading:
        line = wording_views.line_of(reading, group_id) or group().name
    named = {"line": line, "group": group().name}
    spoken = wording_views.spoken(rules, language, now(), **named)
    texted = wording_views.texted(rules, language, now(), known={"link": _link()}, **named)
    return render_template(
        "words/show.html",
        spoken=parts(spoken, SPOKEN_PARTS),
        texted=parts(texted, TEXTED_PARTS),
        languages=rules.config.languages,
        chosen=language,
        heard=request.args.get("heard"),
        form=Form(),
    )


@words.post("/groups/<int:group_id>/words/hear")
@open_to(Role.COORDINATOR)
def hear(group_id: int) -> ResponseReturnValue:
    """Ring the reader's own telephone, and say a prompt; pressed twice, it rings once."""
    prompt = request.form.get("prompt", "")
    if prompt not in SPOKEN:
        abort(400)
    with house().database.unit_of_work() as writing:
        telling.hear_prompt(writing, asker().volunteer_id, prompt, _language(), now())
    flash(gettext("Your telephone rings in a moment. Pick up, and listen."))
    there = url_for(
        "words.show",
        group_id=group_id,
        language=_language(),
        heard=prompt,
        _anchor=f"spoken-{prompt}",
    )
    return redirect(there)


def _link() -> str:
    """As long as a real one; it opens nothing."""
    return f"{house().base_url}/r/{short_links.token(house().secrets, 'example', 99_999)}"


def _language() -> str:
    """The language that is asked for; the line's first, where it does not speak that one."""
    return house().rules.words.language(request.values.get("language")).key


def parts(prompts: Iterable[_Prompt], titles: Mapping[str, Any]) -> list[tuple[Any, list[_Prompt]]]:
    """The prompts in their parts, each with its title."""
    found: list[tuple[Any, list[_Prompt]]] = []
    for prompt in prompts:
        if prompt.name in titles:
            found.append((titles[prompt.name], []))
        found[-1][1].append(prompt)
    return found
