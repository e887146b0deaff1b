"""first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_LATER = "fk_calls_taken_by_leg_id"


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _words(name: str, *words: str, nullable: bool = False) -> sa.Column[str]:
    """A column that holds one of these words; the database sees to it."""
    kind = sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=nullable)


def _of(
    name: str, table: str, *, key: bool = False, nullable: bool = False, index: bool = False
) -> sa.Column[int]:
    """A column that names a row of another table."""
    other = sa.ForeignKey(f"{table}.id")
    return sa.Column(name, sa.Integer(), other, primary_key=key, nullable=nullable, index=index)


def _unique_while(name: str, open_while: str, *columns: str) -> sa.Index:
    """No two rows may have the same in these columns while the condition holds for both."""
    where = sa.text(open_while)
    return sa.Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


def _index_while(name: str, open_while: str, *columns: str) -> sa.Index:
    where = sa.text(open_while)
    return sa.Index(name, *columns, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "groups",
        _id(),
        sa.Column("name", sa.String(80), unique=True, nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        _words("ring_order", "one_by_one", "all_at_once", nullable=True),
        sa.Column("postcodes", sa.String(400), nullable=False),
    )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(40), primary_key=True),
        _instant("seen_at"),
    )
    op.create_table(
        "lines",
        _id(),
        sa.Column("number", sa.String(16), unique=True, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
    )
    op.create_table(
        "opt_outs",
        sa.Column("number", sa.String(16), primary_key=True),
        _instant("opted_out_at"),
    )
    op.create_table(
        "volunteers",
        _id(),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("number", sa.String(16), unique=True, nullable=False),
        sa.Column("languages", sa.String(80), nullable=False),
        _instant("disabled_at", nullable=True),
    )
    op.create_table(
        "callers",
        _id(),
        sa.Column("number", sa.String(16), unique=True, nullable=False),
        _instant("first_heard_at"),
        sa.Column("language", sa.String(8), nullable=True),
        _of("group_id", "groups", nullable=True),
    )
    op.create_table(
        "line_groups",
        _of("line_id", "lines", key=True),
        _of("group_id", "groups", key=True),
        sa.Column("position", sa.Integer(), nullable=False),
    )
    op.create_table(
        "memberships",
        _of("group_id", "groups", key=True),
        _of("volunteer_id", "volunteers", key=True, index=True),
        sa.Column("coordinator", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "patterns",
        _id(),
        _of("group_id", "groups"),
        sa.Column("days", sa.String(80), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        sa.Index("ix_patterns_group_ends", "group_id", "ends_on"),
    )
    op.create_table(
        "blocks",
        _id(),
        _of("caller_id", "callers"),
        sa.Column("reason", sa.String(200), nullable=False),
        _instant("blocked_at"),
        _instant("until"),
        sa.Index("ix_blocks_caller_until", "caller_id", "until"),
    )
    op.create_table(
        "pattern_volunteers",
        _of("pattern_id", "patterns", key=True),
        _of("volunteer_id", "volunteers", key=True, index=True),
    )
    op.create_table(
        "requests",
        _id(),
        _of("line_id", "lines"),
        _of("group_id", "groups", nullable=True),
        _of("caller_id", "callers", nullable=True),
        _words("kind", "ask", "offer"),
        sa.Column("code", sa.String(4), nullable=False),
        _instant("opened_at"),
        _instant("closed_at", nullable=True),
        _words(
            "outcome", "done", "needs_help", "someone_else", "worried", "not_helped", nullable=True
        ),
        _of("volunteer_id", "volunteers", nullable=True),
        sa.CheckConstraint("length(code) = 4", name="four_digits"),
        sa.Index("ix_requests_caller", "caller_id", "closed_at"),
        _unique_while("uq_requests_code_in_use", "closed_at IS NULL", "line_id", "code"),
    )
    op.create_table(
        "rota_changes",
        _id(),
        _of("group_id", "groups"),
        _words("kind", "add", "remove", "replace", "cancel", "move"),
        _of("pattern_id", "patterns", nullable=True),
        _of("change_id", "rota_changes", nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("ends_at", sa.Time(), nullable=True),
        _of("volunteer_id", "volunteers", nullable=True),
        _of("instead_of_id", "volunteers", nullable=True),
        _instant("made_at"),
        sa.CheckConstraint(
            "(kind = 'add') = (pattern_id IS NULL AND change_id IS NULL)", name="target"
        ),
        sa.Index("ix_rota_changes_group_date", "group_id", "on_date"),
    )
    op.create_table(
        "callbacks",
        _id(),
        _of("request_id", "requests"),
        _words("status", "owed", "undecided", "ringing", "kept", "given_up", "canceled"),
        _instant("asked_at"),
        _instant("due_at"),
        _instant("next_try_at", nullable=True),
        _instant("nudged_at", nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        _instant("late_told_at", nullable=True),
        _instant("ended_at", nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (status IN ('owed', 'undecided', 'ringing'))",
            name="ended_has_time",
        ),
        sa.Index("ix_callbacks_next_try", "next_try_at"),
        _unique_while("uq_callbacks_one_at_a_time", "ended_at IS NULL", "request_id"),
    )
    op.create_table(
        "calls",
        _id(),
        sa.Column("call_sid", sa.String(34), unique=True, nullable=True),
        _words("direction", "incoming", "callback"),
        _words("status", "in_progress", "completed", "busy", "no_answer", "failed", "canceled"),
        _of("line_id", "lines", nullable=True),
        _of("caller_id", "callers", nullable=True),
        _of("group_id", "groups", nullable=True),
        _of("request_id", "requests", nullable=True, index=True),
        _of("callback_id", "callbacks", nullable=True),
        sa.Column("language", sa.String(8), nullable=True),
        _instant("started_at"),
        sa.Column("pressed_key", sa.Boolean(), nullable=False),
        _instant("ringing_since", nullable=True),
        sa.Column("taken_by_leg_id", sa.Integer(), nullable=True),
        sa.Column("talked_seconds", sa.Integer(), nullable=True),
        _instant("ended_at", nullable=True),
        # Two tables that name each other: SQLite is told here, PostgreSQL further down.
        sa.ForeignKeyConstraint(["taken_by_leg_id"], ["legs.id"], name=_LATER, use_alter=True),
        sa.CheckConstraint("(ended_at IS NULL) = (status = 'in_progress')", name="ended_has_time"),
        sa.Index("ix_calls_caller_started", "caller_id", "started_at"),
        _index_while("ix_calls_open", "ended_at IS NULL", "started_at"),
    )
    op.create_table(
        "audit_log",
        _id(),
        _instant("at"),
        sa.Column("event", sa.String(40), index=True, nullable=False),
        _of("request_id", "requests", nullable=True),
        _of("call_id", "calls", nullable=True),
        _of("volunteer_id", "volunteers", nullable=True),
        sa.Column("detail", sa.String(200), nullable=True),
        sa.Index("ix_audit_log_request", "request_id", "id"),
    )
    op.create_table(
        "legs",
        _id(),
        _of("call_id", "calls", index=True),
        _of("volunteer_id", "volunteers"),
        sa.Column("leg_sid", sa.String(34), unique=True, nullable=True),
        _instant("rung_at"),
        _instant("placed_at", nullable=True),
        sa.Column("ring_seconds", sa.Integer(), nullable=False),
        _instant("picked_up_at", nullable=True),
        _instant("taken_at", nullable=True),
        _instant("ended_at", nullable=True),
        _words(
            "outcome",
            "talked",
            "passed",
            "not_taken",
            "no_answer",
            "busy",
            "failed",
            "caller_gone",
            "taken_by_other",
            "lost",
            nullable=True,
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_has_outcome"),
        sa.Index("ix_legs_volunteer_rung", "volunteer_id", "rung_at"),
        _unique_while("uq_legs_one_at_a_time", "ended_at IS NULL", "volunteer_id"),
    )
    op.create_table(
        "texts",
        _id(),
        sa.Column("message_sid", sa.String(34), unique=True, nullable=True),
        _words("direction", "incoming", "outgoing"),
        _words(
            "purpose",
            "reply",
            "follow_up",
            "outcome",
            "next_morning",
            "notice",
            "alert",
            nullable=True,
        ),
        _words(
            "status",
            "received",
            "promised",
            "sending",
            "unknown",
            "sent",
            "delivered",
            "undelivered",
            "failed",
            "dropped",
        ),
        _of("line_id", "lines", nullable=True),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("media_count", sa.Integer(), nullable=False),
        sa.Column("prompt", sa.String(40), nullable=True),
        _of("request_id", "requests", nullable=True, index=True),
        _of("call_id", "calls", nullable=True),
        _of("volunteer_id", "volunteers", nullable=True, index=True),
        sa.Column("once", sa.String(80), unique=True, nullable=True),
        _instant("at"),
        _instant("next_try_at", nullable=True),
        _instant("nudged_at", nullable=True),
        _instant("sending_at", nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        _instant("ended_at", nullable=True),
        _instant("answered_at", nullable=True),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("dropped_because", sa.String(40), nullable=True),
        sa.CheckConstraint(
            "(direction = 'incoming') = (status = 'received')", name="incoming_is_received"
        ),
        sa.CheckConstraint(
            "(direction = 'outgoing') = (purpose IS NOT NULL)", name="outgoing_has_purpose"
        ),
        sa.Index("ix_texts_conversation", "line_id", "number", "id"),
        _index_while("ix_texts_next_try", "next_try_at IS NOT NULL", "next_try_at"),
    )
    op.create_table(
        "voicemails",
        _id(),
        _of("call_id", "calls"),
        _of("request_id", "requests", nullable=True, index=True),
        sa.Column("recording_sid", sa.String(34), unique=True, nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        _words("status", "at_provider", "fetched", "kept", "lost"),
        _instant("recorded_at"),
        _instant("next_try_at", nullable=True),
        _instant("nudged_at", nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Index("ix_voicemails_next_try", "next_try_at"),
    )
    op.create_table(
        "recordings",
        _of("voicemail_id", "voicemails", key=True),
        sa.Column("content_type", sa.String(40), nullable=False),
        sa.Column("audio", sa.LargeBinary(), nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(_LATER, "calls", "legs", ["taken_by_leg_id"], ["id"])


def downgrade() -> None:
    """Take the change back."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(_LATER, "calls", type_="foreignkey")
    for table in (
        "recordings",
        "voicemails",
        "texts",
        "legs",
        "audit_log",
        "calls",
        "callbacks",
        "rota_changes",
        "requests",
        "pattern_volunteers",
        "blocks",
        "patterns",
        "memberships",
        "line_groups",
        "callers",
        "volunteers",
        "opt_outs",
        "lines",
        "heartbeats",
        "groups",
    ):
        op.drop_table(table)
