"""Every conversation there is, in the order in which people have them, and what each may name."""

from helpline.config.decided import LANGUAGE_KEYS
from helpline.config.prompts import SPOKEN, TEXTED
from helpline.rules import Rules
from helpline.settings import SettingsError
from ivr import actions, soundness, text_actions
from ivr.code_flow import CODE_FLOW
from ivr.facts import Facts, TextFacts
from ivr.soundness import Names
from ivr.speaking import LANGUAGE_OFFER
from ivr.steps import Flow
from ivr.text_flow import TEXT_FLOW
from ivr.turns import flow_of
from ivr.volunteer_flow import VOLUNTEER_FLOW

_PROMISING = frozenset({"owe_callback", "confirm_callback", "keep_message"})


class UnsoundFlow(SettingsError):
    """A conversation that could leave somebody on a dead line; its complaints say where."""


def flows(rules: Rules) -> tuple[Flow, ...]:
    """The call, the volunteer's side, texts, and spoken codes, as config.yaml shapes them."""
    return flow_of(rules), VOLUNTEER_FLOW, TEXT_FLOW, CODE_FLOW


def complaints(rules: Rules) -> list[str]:
    """What is wrong with the conversations, a sentence each; none when all are sound."""
    call, volunteer, text, code = flows(rules)
    return [
        *soundness.complaints(call, _spoken(rules)),
        *soundness.complaints(volunteer, _spoken(rules)),
        *soundness.complaints(text, _texted(rules)),
        *soundness.complaints(code, _spoken(rules)),
    ]


def prove(rules: Rules) -> None:
    """Raise UnsoundFlow, with every complaint, unless the conversations are sound."""
    if found := complaints(rules):
        raise UnsoundFlow(found)


def _spoken(rules: Rules) -> Names:
    return Names(
        facts=Facts,
        wants=actions.WANTS,
        prompts=SPOKEN,
        wording=rules.config.spoken,
        languages=_languages(rules),
        is_spoken=True,
        given=frozenset({"line", "group"}),
        # As `ivr.speaking` fills them.
        given_at={
            "closed": frozenset({"opens"}),
            "screening": frozenset({"calls_this_week"}),
            "screening_through": frozenset({"code"}),
            "sign_in_code": frozenset({"sign_in_code"}),
            LANGUAGE_OFFER: frozenset({"key"}),
        },
        promising=_PROMISING,
        area_keys=frozenset("123456789") - frozenset(LANGUAGE_KEYS),
    )


def _texted(rules: Rules) -> Names:
    return Names(
        facts=TextFacts,
        wants=text_actions.WANTS,
        prompts=TEXTED,
        wording=rules.config.texted,
        languages=_languages(rules),
        is_spoken=False,
        given=frozenset({"line", "code"}),
        # As `ivr.text_turns` fills it, where there are areas to choose from.
        given_at={"which_area": frozenset({"areas"})},
        promising=_PROMISING,
    )


def _languages(rules: Rules) -> tuple[str, ...]:
    return tuple(language.key for language in rules.config.languages)
