"""The audit log is sealed as it grows; whoever changes it afterwards is found out."""

import pytest
from sqlalchemy import text

from helpline.auditing import seals
from helpline.auditing.seals import Verdict
from helpline.models import AuditLine, AuditSeal
from tests.harness import Helpline


@pytest.fixture
def busy(helpline: Helpline) -> Helpline:
    """A helpline with something in its log, all of it sealed, in two seals."""
    carol = helpline.coordinator("Carol")
    ada = helpline.on_shift("Ada")
    for answer in ("D", "B"):
        caller = helpline.landline().calls().presses("1")
        ada.rings().picks_up().presses("1").talks_to(caller)
        caller.waits(60).hangs_up()
        ada.is_texted("follow_up_volunteer").replies(answer)
        helpline.wait(seconds=30)
        code = helpline.requests_of(helpline.neighbours[-1])[0].code
        ada.replies(f"{code} A")
        helpline.wait(minutes=5)
        helpline.clockwork.tick()
        ada.has_read_everything()
        carol.has_read_everything()
    return helpline


def verify(helpline: Helpline) -> Verdict:
    with helpline.database.reading() as session:
        return seals.verify(session, helpline.settings.secret_key)


def tamper(helpline: Helpline, statement: str) -> None:
    """As somebody who has the whole database in their hands."""
    with helpline.engine.begin() as connection:
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS audit_log_no_{verb}"))
        connection.execute(text(statement))


def test_what_nobody_touched_is_as_it_was_written(busy: Helpline) -> None:
    assert len(busy.rows(AuditSeal)) >= 2
    lines = len(busy.rows(AuditLine))
    assert verify(busy) == Verdict(lines, 0, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET event = 'outcome_done' WHERE event = 'outcome_worried'",
        "DELETE FROM audit_log WHERE id NOT IN (SELECT upto_id FROM audit_seals)",
        "UPDATE audit_log SET at = datetime(at, '+1 second') WHERE id = 2",
        "UPDATE audit_seals SET mac = 'f' || substr(mac, 2) WHERE id = 1",
    ],
)
def test_whoever_changes_it_is_found_out(busy: Helpline, statement: str) -> None:
    tamper(busy, statement)
    assert verify(busy).broken


def test_another_key_seals_nothing_of_ours(busy: Helpline) -> None:
    with busy.database.reading() as session:
        assert seals.verify(session, "somebody else's key, and long").broken


def test_a_line_that_is_not_settled_waits_for_its_seal(helpline: Helpline) -> None:
    helpline.coordinator("Carol")
    ada = helpline.volunteer("Ada")
    ada.texts("STOP")
    helpline.wait(seconds=5)
    helpline.people["Carol"].is_texted("alert_volunteer_stopped")
    helpline.clockwork.tick()
    assert helpline.rows(AuditSeal) == []
    assert verify(helpline).unsealed > 0
