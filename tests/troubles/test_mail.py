"""Letters: what stands above them is their first sentence, whatever is in it."""

import pytest

from helpline.watching.mail import mailbox
from tests.canary.cage import ADA, mail_server


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        ("The disk is nearly full. Make room.", "The disk is nearly full"),
        ("config.yaml has a mistake. 'a' is not known", "config.yaml has a mistake"),
        ("St. John's Neighbours rang itself. Please ring.", "St. John's Neighbours rang itself"),
        # A line end in a name would end the head of the letter.
        ("The line a\r\nBcc: evil@example.org did not answer", None),
    ],
)
def test_a_letter_is_called_by_its_first_sentence(words: str, subject: str | None) -> None:
    with mail_server() as (server, heard):
        mailbox(server).send((ADA,), words)
    [said] = [line for line in heard if line.startswith("Subject: ")]
    head = heard[heard.index(said) : heard.index("", heard.index(said))]
    assert not any(line.startswith("Bcc") for line in head)
    if subject:
        assert said == f"Subject: {subject}"
