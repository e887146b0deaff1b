"""A caller waits while the database is asked: no webhook may ask it often."""

from pathlib import Path

import pytest

from tests.harness import Helpline
from tests.speed.conversations import CONVERSATIONS, Conversation
from tests.speed.counting import Counted, Counting

MOST_STATEMENTS = 8
Heard = dict[str, list[Counted]]


@pytest.fixture(scope="module")
def webhooks(tmp_path_factory: pytest.TempPathFactory) -> Heard:
    """Every webhook of every conversation, by the conversation's name."""
    return {
        held.__name__: _hold(held, tmp_path_factory.mktemp(held.__name__)) for held in CONVERSATIONS
    }


def _hold(conversation: Conversation, folder: Path) -> list[Counted]:
    helpline = Helpline(folder)
    counting = Counting(helpline)
    try:
        conversation(helpline)
        assert helpline.network.errors == []
    finally:
        helpline.close()
    return counting.webhooks


@pytest.mark.parametrize("conversation", [each.__name__ for each in CONVERSATIONS])
def test_no_webhook_makes_more_than_eight_statements(webhooks: Heard, conversation: str) -> None:
    too_many = [
        str(each) for each in webhooks[conversation] if len(each.statements) > MOST_STATEMENTS
    ]
    assert not too_many, "\n\n".join(too_many)


def test_every_kind_of_webhook_was_counted(webhooks: Heard, tmp_path: Path) -> None:
    helpline = Helpline(tmp_path)
    rules = {
        str(rule)
        for rule in helpline.app.url_map.iter_rules()
        if rule.endpoint.startswith("phone.") and "POST" in (rule.methods or ())
    }
    helpline.close()
    counted = {each.rule for conversation in webhooks.values() for each in conversation}
    assert counted >= rules
