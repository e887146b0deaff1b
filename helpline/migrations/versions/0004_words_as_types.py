"""The words of a list are types of PostgreSQL's own.

A check of a table's is read anew, as text, by every statement that writes there; a type's once.
SQLite keeps its checks.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STATUS = "in_progress completed busy no_answer failed canceled"
# Each table's columns: the type, and its words.
_TYPES = {
    "groups": {"ring_order": ("ring_order", "one_by_one all_at_once")},
    "sign_in_codes": {"sent_by": ("code_by", "text call link")},
    "requests": {
        "kind": ("kind", "ask offer"),
        "outcome": ("outcome", "done needs_help someone_else worried not_helped"),
    },
    "rota_changes": {"kind": ("change_kind", "add join remove replace cancel move")},
    "callbacks": {"status": ("callback_status", "owed undecided ringing kept given_up canceled")},
    "calls": {
        "direction": ("call_direction", "incoming callback"),
        "status": ("call_status", _STATUS),
    },
    "legs": {
        "outcome": (
            "leg_outcome",
            "talked passed not_taken no_answer busy failed caller_gone taken_by_other lost",
        )
    },
    "texts": {
        "direction": ("direction", "incoming outgoing"),
        "purpose": ("purpose", "reply follow_up outcome next_morning notice alert"),
        "status": (
            "text_status",
            "received promised sending unknown sent delivered undelivered failed dropped",
        ),
    },
    "voicemails": {"status": ("voicemail_status", "at_provider fetched kept lost")},
}
# What is said of words together with something else is made anew over the other type.
_ENDED = "ck_callbacks_ended_has_time"
_ENDED_HAS_TIME = "(ended_at IS NULL) = (status IN ('owed', 'undecided', 'ringing'))"
_NOT_DELIVERED = "ix_texts_not_delivered"


def upgrade() -> None:
    """To 0004. Each table is written once."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in _TYPES.items():
        changes = []
        for column, (name, words) in columns.items():
            op.execute(f"CREATE DOMAIN {name} AS VARCHAR(32) CHECK (VALUE IN ({_listed(words)}))")
            changes += [f"DROP CONSTRAINT ck_{table}_{column}", f"ALTER {column} TYPE {name}"]
        op.execute(f"ALTER TABLE {table} {', '.join(changes)}")
    _make_anew()


def downgrade() -> None:
    """Back to 0003."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in _TYPES.items():
        changes = []
        for column, (_, words) in columns.items():
            check = f"CHECK ({column} IN ({_listed(words)}))"
            changes.append(f"ALTER {column} TYPE VARCHAR(32)")
            changes.append(f"ADD CONSTRAINT ck_{table}_{column} {check}")
        op.execute(f"ALTER TABLE {table} {', '.join(changes)}")
        for name, _ in columns.values():
            op.execute(f"DROP DOMAIN {name}")
    _make_anew()


def _make_anew() -> None:
    op.execute(
        f"ALTER TABLE callbacks DROP CONSTRAINT {_ENDED}, "
        f"ADD CONSTRAINT {_ENDED} CHECK ({_ENDED_HAS_TIME})"
    )
    op.execute(f"DROP INDEX {_NOT_DELIVERED}")
    failed = _listed("undelivered failed")
    op.execute(f"CREATE INDEX {_NOT_DELIVERED} ON texts (ended_at) WHERE status IN ({failed})")


def _listed(words: str) -> str:
    return ", ".join(f"'{word}'" for word in words.split())
