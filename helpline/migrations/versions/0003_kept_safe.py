"""What keeps promises while things break, and what neighbours told us to ourselves."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_PENDING = sa.text("done_at IS NULL AND undone_at IS NULL")
_MOMENT = sa.DateTime(timezone=True)


# What is sealed is longer. SQLite knows no lengths, so there nothing is written anew.
_WIDER = {
    "callers": {"number": 16, "called": 80},
    "volunteers": {"name": 80, "number": 16, "area": 80},
    "blocks": {"reason": 200},
    "opt_outs": {"number": 16},
    "texts": {"number": 40},
}


def _make_room_for_what_is_sealed() -> None:
    """Nothing is sealed here: the code of before runs on while this one is rolled out."""
    op.create_table(
        "finding_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_finding_keys_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_keys")),
    )
    op.create_table(
        "search_words",
        sa.Column("word", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_search_words_request_id")
        ),
        sa.PrimaryKeyConstraint("word", "request_id", name=op.f("pk_search_words")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_words_request", "search_words", ["request_id"])
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in _WIDER.items():
            for column in columns:
                op.alter_column(table, column, type_=sa.Text())


def _take_the_room_back() -> None:
    """Refuses where something is sealed: nobody would ever read it again."""
    used = sa.text("SELECT EXISTS (SELECT 1 FROM finding_keys) AND EXISTS (SELECT 1 FROM lines)")
    if op.get_bind().scalar(used):
        raise RuntimeError("this database is sealed: restore a backup from before instead")
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in _WIDER.items():
            for column, length in columns.items():
                op.alter_column(table, column, type_=sa.String(length))
    op.drop_table("search_words")
    op.drop_table("finding_keys")


def _let_people_be_forgotten() -> None:
    """When somebody was, and who is to be."""
    op.add_column("callers", sa.Column("erased_at", _MOMENT))
    op.add_column("volunteers", sa.Column("erased_at", _MOMENT))
    op.add_column("requests", sa.Column("forgotten_at", _MOMENT))
    op.add_column("voicemails", sa.Column("erased_at", _MOMENT))
    op.add_column("blocks", sa.Column("kept_for", sa.Text()))
    known_again = sa.text("kept_for IS NOT NULL")
    op.create_index(
        "ix_blocks_kept_for",
        "blocks",
        ["kept_for"],
        sqlite_where=known_again,
        postgresql_where=known_again,
    )
    op.add_column(
        "voicemails",
        sa.Column("notice_said", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caller_id", sa.Integer()),
        sa.Column("volunteer_id", sa.Integer()),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("asked_by_id", sa.Integer()),
        sa.Column("group_id", sa.Integer()),
        sa.Column("undone_at", _MOMENT),
        sa.Column("done_at", _MOMENT),
        sa.CheckConstraint(
            "done_at IS NULL OR undone_at IS NULL", name=op.f("ck_erasures_one_end")
        ),
        sa.ForeignKeyConstraint(["caller_id"], ["callers.id"], name=op.f("fk_erasures_caller_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_erasures_volunteer_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["volunteers.id"], name=op.f("fk_erasures_asked_by_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_erasures_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_table(
        "provider_traces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sid", sa.String(length=34), nullable=False),
        sa.Column("next_try_at", _MOMENT),
        sa.Column("nudged_at", _MOMENT),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_traces")),
        sa.UniqueConstraint("sid", name=op.f("uq_provider_traces_sid")),
    )
    op.create_index("ix_provider_traces_next_try", "provider_traces", ["next_try_at"])
    for name in ("caller", "volunteer"):
        op.create_index(
            f"uq_erasures_{name}",
            "erasures",
            [f"{name}_id"],
            unique=True,
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        )


def _let_nobody_be_forgotten() -> None:
    op.drop_table("provider_traces")
    op.drop_table("erasures")
    op.drop_index("ix_blocks_kept_for", "blocks")
    for table, columns in {
        "blocks": ("kept_for",),
        "voicemails": ("notice_said", "erased_at"),
        "requests": ("forgotten_at",),
        "volunteers": ("erased_at",),
        "callers": ("erased_at",),
    }.items():
        for column in columns:
            op.drop_column(table, column)


_SENT = sa.text("sending_at IS NOT NULL")
_ON_CALLS = ("over_limit", "seems_robot")


def _guard_the_line() -> None:
    """What is too much, what a day costs, and the test calls."""
    for name in _ON_CALLS:
        op.add_column(
            "calls", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.add_column("calls", sa.Column("number_doubted", sa.Boolean()))
    op.create_index("ix_calls_line_started", "calls", ["line_id", "started_at"])
    op.create_index(
        "ix_texts_sending", "texts", ["sending_at"], sqlite_where=_SENT, postgresql_where=_SENT
    )
    op.create_table(
        "budget_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("texts_near_at", _MOMENT),
        sa.Column("minutes_near_at", _MOMENT),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_budget_days")),
    )
    moments = ("placed_at", "heard_at", "menu_at", "accepted_at", "ended_at", "told_at")
    op.create_table(
        "canary_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        *(sa.Column(name, _MOMENT) for name in moments),
        sa.Column("went_well", sa.Boolean()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canary_runs")),
        sa.UniqueConstraint("due_at", name=op.f("uq_canary_runs_due_at")),
    )


def _guard_the_line_no_more() -> None:
    op.drop_table("canary_runs")
    op.drop_table("budget_days")
    op.drop_index("ix_texts_sending", "texts")
    op.drop_index("ix_calls_line_started", "calls")
    for name in ("number_doubted", *reversed(_ON_CALLS)):
        op.drop_column("calls", name)


def _write_trouble_down() -> None:
    op.create_table(
        "troubles",
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("detail", sa.String(length=300)),
        sa.Column("told_at", _MOMENT),
        sa.Column("over_told_at", _MOMENT),
        sa.PrimaryKeyConstraint("cause", name=op.f("pk_troubles")),
    )


def upgrade() -> None:
    """To 0003."""
    _write_trouble_down()
    _guard_the_line()
    _let_people_be_forgotten()
    _make_room_for_what_is_sealed()


def downgrade() -> None:
    """Back to 0002."""
    op.drop_table("troubles")
    _guard_the_line_no_more()
    _let_nobody_be_forgotten()
    _take_the_room_back()
