"""Every prompt and text can be shown as it will be, in every language."""

from datetime import UTC, datetime

import pytest

from helpline.config.prompts import SPOKEN, TEXTED
from helpline.examples import examples
from tests.flows.rules import rules

RULES = rules()
AT = datetime(2026, 3, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize("aloud", [True, False])
def test_there_is_an_example_of_everything(language: str, aloud: bool) -> None:
    values = examples(RULES, language, AT, line="Calder Valley", group="Hebden Bridge", aloud=aloud)
    say = RULES.words.spoken if aloud else RULES.words.texted
    for name in SPOKEN if aloud else TEXTED:
        assert "{" not in str(say(name, language, **values))
