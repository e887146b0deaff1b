"""What the pages need: who is signed in, the rota's edits, more about requests and people."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# `helpline.models.rota_version`, as it was when this was written.
_ANOTHER = {
    "sqlite": "random() & 9007199254740991",
    "postgresql": "floor(random() * 9007199254740992)::bigint",
}
_GROUP_OF = {
    "patterns": "{row}.group_id",
    "pattern_volunteers": "(SELECT group_id FROM patterns WHERE id = {row}.pattern_id)",
    "rota_changes": "{row}.group_id",
}
_OF_SOME_ROWS = (
    ("ix_requests_group_open", "requests", ["group_id", "due_at"], "closed_at IS NULL"),
    ("ix_texts_not_delivered", "texts", ["ended_at"], "status IN ('undelivered', 'failed')"),
)
_ROWS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


def _give_rota_versions() -> None:
    """A number that no rota had before, to each as it is now and after every change."""
    dialect = op.get_bind().dialect.name
    another = f"UPDATE groups SET rota_version = {_ANOTHER[dialect]}"  # noqa: S608 - our own words
    op.execute(another)
    for table, group_of in _GROUP_OF.items():
        if dialect == "sqlite":
            for verb, rows in _ROWS.items():
                groups = ", ".join(group_of.format(row=row) for row in rows)
                op.execute(
                    f"CREATE TRIGGER rota_version_{table}_{verb} AFTER {verb.upper()} ON {table} "
                    f"BEGIN {another} WHERE id IN ({groups}); END"
                )
            continue
        groups = ", ".join(group_of.format(row=row) for row in ("OLD", "NEW"))
        op.execute(
            f"CREATE OR REPLACE FUNCTION rota_version_{table}() RETURNS trigger LANGUAGE plpgsql "
            f"AS $$ BEGIN {another} WHERE id IN ({groups}); RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER rota_version_{table} AFTER INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION rota_version_{table}()"
        )


def _take_rota_versions() -> None:
    for table in _GROUP_OF:
        if op.get_bind().dialect.name == "sqlite":
            for verb in _ROWS:
                op.execute(f"DROP TRIGGER rota_version_{table}_{verb}")
        else:
            op.execute(f"DROP TRIGGER rota_version_{table} ON {table}")
            op.execute(f"DROP FUNCTION rota_version_{table}()")


def _let_edits_be_undone() -> None:
    """Rows of a rota that count no more, and volunteers who join others on a shift."""
    with op.batch_alter_table("patterns", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("void", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    with op.batch_alter_table("rota_changes", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("void", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.drop_constraint(batch_op.f("ck_rota_changes_kind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_rota_changes_kind"),
            "kind IN ('add', 'join', 'remove', 'replace', 'cancel', 'move')",
        )


def _let_no_edit_be_undone() -> None:
    """What counts no more, and what cannot be said any more, goes."""
    void = "SELECT id FROM patterns WHERE void"
    op.execute(f"DELETE FROM pattern_volunteers WHERE pattern_id IN ({void})")  # noqa: S608 - ours
    op.execute(
        "DELETE FROM rota_changes WHERE void OR kind = 'join' "  # noqa: S608 - ours
        f"OR pattern_id IN ({void}) OR change_id IN (SELECT id FROM rota_changes WHERE void)"
    )
    op.execute("DELETE FROM patterns WHERE void")
    with op.batch_alter_table("rota_changes", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_rota_changes_kind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_rota_changes_kind"),
            "kind IN ('add', 'remove', 'replace', 'cancel', 'move')",
        )
        batch_op.drop_column("void")
    with op.batch_alter_table("patterns", schema=None) as batch_op:
        batch_op.drop_column("void")


def _keep_the_audit_log() -> None:
    """Say whose each line is, and let nobody change one from now on."""
    op.execute(
        "UPDATE audit_log SET group_id = (SELECT group_id FROM requests WHERE id = request_id) "
        "WHERE request_id IS NOT NULL"
    )
    op.execute(
        "UPDATE audit_log SET group_id = (SELECT group_id FROM calls WHERE id = call_id) "
        "WHERE request_id IS NULL AND call_id IS NOT NULL"
    )
    # `helpline.models.append_only`, as it was when this was written.
    refused = "the audit log is only added to"
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER audit_log_no_{verb} BEFORE {verb.upper()} ON audit_log "
                f"BEGIN SELECT RAISE(ABORT, '{refused}'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION audit_log_append_only() RETURNS trigger LANGUAGE plpgsql "
        f"AS $$ BEGIN RAISE EXCEPTION '{refused}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_log_append_only()"
    )


def _let_go_of_the_audit_log() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_log_no_{verb}")
        return
    op.execute("DROP TRIGGER audit_log_append_only ON audit_log")
    op.execute("DROP FUNCTION audit_log_append_only()")


def upgrade() -> None:
    """Make the change."""

    op.create_table(
        "audit_seals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upto_id", sa.Integer(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["upto_id"], ["audit_log.id"], name=op.f("fk_audit_seals_upto_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("upto_id", name=op.f("uq_audit_seals_upto_id")),
    )
    op.create_table(
        "holidays",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_holidays_group_id")),
        sa.PrimaryKeyConstraint("group_id", "on_date", name=op.f("pk_holidays")),
    )
    op.create_table(
        "induction_ticks",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ticked_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_induction_ticks_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticked_by_id"], ["volunteers.id"], name=op.f("fk_induction_ticks_ticked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_induction_ticks_volunteer_id")
        ),
        sa.PrimaryKeyConstraint(
            "group_id", "volunteer_id", "step", name=op.f("pk_induction_ticks")
        ),
    )
    op.create_table(
        "leaves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_leaves_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_leaves_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
    )
    with op.batch_alter_table("leaves", schema=None) as batch_op:
        batch_op.create_index("ix_leaves_volunteer_last", ["volunteer_id", "last_on"], unique=False)

    op.create_table(
        "rota_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("undo", sa.Text(), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=True),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_rota_edits_group_id")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["volunteers.id"], name=op.f("fk_rota_edits_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["rota_edits.id"], name=op.f("fk_rota_edits_undoes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_edits")),
        sa.UniqueConstraint("once", name=op.f("uq_rota_edits_once")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_rota_edits_undoes_id")),
    )
    with op.batch_alter_table("rota_edits", schema=None) as batch_op:
        batch_op.create_index("ix_rota_edits_group", ["group_id", "id"], unique=False)

    op.create_table(
        "rota_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("was_on", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_rota_news_group_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_rota_news_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_news")),
        sa.UniqueConstraint(
            "group_id",
            "volunteer_id",
            "starts",
            "ends",
            name=op.f("uq_rota_news_group_id_volunteer_id_starts_ends"),
        ),
    )
    with op.batch_alter_table("rota_news", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rota_news_volunteer", ["volunteer_id", "changed_at"], unique=False
        )

    op.create_table(
        "sign_in_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column(
            "sent_by",
            sa.Enum(
                "text",
                "call",
                "link",
                name="sent_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_sign_in_codes_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_codes")),
    )
    with op.batch_alter_table("sign_in_codes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sign_in_codes_volunteer", ["volunteer_id", "made_at"], unique=False
        )

    op.create_table(
        "hearings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("prompt", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_hearings_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearings")),
    )
    with op.batch_alter_table("hearings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hearings_volunteer_id"), ["volunteer_id"], unique=False
        )

    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("browser", sa.String(length=80), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_visits_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_visits_token_hash")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visits_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_notes_request_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_notes_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("once", name=op.f("uq_notes_once")),
    )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notes_request_id"), ["request_id"], unique=False)

    op.create_table(
        "offers_asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("volunteer_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("can_help", sa.Boolean(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(offer_id IS NULL) <> (volunteer_id IS NULL)", name=op.f("ck_offers_asked_one_of_both")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["volunteers.id"], name=op.f("fk_offers_asked_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["requests.id"], name=op.f("fk_offers_asked_offer_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_offers_asked_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_offers_asked_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers_asked")),
    )
    with op.batch_alter_table("offers_asked", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offers_asked_offer_id"), ["offer_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_offers_asked_request_id"), ["request_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_offers_asked_volunteer_id"), ["volunteer_id"], unique=False
        )

    op.create_table(
        "swaps_asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("pattern_id", sa.Integer(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(pattern_id IS NULL) <> (change_id IS NULL)", name=op.f("ck_swaps_asked_one_shift")
        ),
        sa.ForeignKeyConstraint(
            ["change_id"], ["rota_changes.id"], name=op.f("fk_swaps_asked_change_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_swaps_asked_group_id")),
        sa.ForeignKeyConstraint(
            ["pattern_id"], ["patterns.id"], name=op.f("fk_swaps_asked_pattern_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["volunteers.id"], name=op.f("fk_swaps_asked_taken_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_swaps_asked_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swaps_asked")),
    )
    with op.batch_alter_table("swaps_asked", schema=None) as batch_op:
        batch_op.create_index("ix_swaps_asked_group", ["group_id", "ended_at"], unique=False)

    with op.batch_alter_table("audit_log", schema=None) as batch_op:
        batch_op.add_column(sa.Column("by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("group_id", sa.Integer(), nullable=True))
        batch_op.create_index("ix_audit_log_group", ["group_id", "id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_audit_log_group_id"), "groups", ["group_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_audit_log_by_id"), "volunteers", ["by_id"], ["id"]
        )
    _keep_the_audit_log()

    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_calls_asked_by_id"), "volunteers", ["asked_by_id"], ["id"]
        )
        batch_op.create_index(
            "uq_calls_asked_for",
            ["request_id"],
            unique=True,
            postgresql_where=sa.text("asked_by_id IS NOT NULL AND ended_at IS NULL"),
            sqlite_where=sa.text("asked_by_id IS NOT NULL AND ended_at IS NULL"),
        )

    with op.batch_alter_table("blocks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("group_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_blocks_group_id"), ["group_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_blocks_group_id"), "groups", ["group_id"], ["id"]
        )

    with op.batch_alter_table("callers", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("called", sa.String(length=80), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("hard_of_hearing", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("no_messages", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("no_texts", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("approach", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("card_version", sa.Integer(), server_default="0", nullable=False)
        )

    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_on", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("calendar_version", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column("rota_version", sa.BigInteger(), server_default="0", nullable=False)
        )

    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.add_column(sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("awaits_induction", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("offer_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_memberships_offer_id"), "requests", ["offer_id"], ["id"]
        )

    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.add_column(sa.Column("category", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("urgency", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("not_met_because", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("changed_once", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_requests_category"), ["category"], unique=False)

    with op.batch_alter_table("voicemails", schema=None) as batch_op:
        batch_op.add_column(sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("heard_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_voicemails_heard_by_id"), "volunteers", ["heard_by_id"], ["id"]
        )

    with op.batch_alter_table("volunteers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("area", sa.String(length=80), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("can_do", sa.String(length=400), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("calendar_version", sa.Integer(), server_default="0", nullable=False)
        )

    # For what the pages look at every second, and count over a year.
    op.create_index("ix_callbacks_request", "callbacks", ["request_id"])
    op.create_index("ix_calls_group_started", "calls", ["group_id", "started_at"])
    op.create_index("ix_requests_group_opened", "requests", ["group_id", "opened_at"])
    for name, table, columns, where in _OF_SOME_ROWS:
        some = sa.text(where)
        op.create_index(name, table, columns, sqlite_where=some, postgresql_where=some)

    # Last: SQLite writes a table anew to alter it, and would look for it from a trigger meanwhile.
    _let_edits_be_undone()
    _give_rota_versions()


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("audit_seals")

    _take_rota_versions()
    _let_no_edit_be_undone()

    for name, table, _, _ in reversed(_OF_SOME_ROWS):
        op.drop_index(name, table)
    op.drop_index("ix_requests_group_opened", "requests")
    op.drop_index("ix_calls_group_started", "calls")
    op.drop_index("ix_callbacks_request", "callbacks")

    with op.batch_alter_table("volunteers", schema=None) as batch_op:
        batch_op.drop_column("calendar_version")
        batch_op.drop_column("can_do")
        batch_op.drop_column("area")
        batch_op.drop_column("paused_until")

    with op.batch_alter_table("voicemails", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_voicemails_heard_by_id"), type_="foreignkey")
        batch_op.drop_column("heard_by_id")
        batch_op.drop_column("heard_at")

    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requests_category"))
        batch_op.drop_column("changed_once")
        batch_op.drop_column("version")
        batch_op.drop_column("due_at")
        batch_op.drop_column("not_met_because")
        batch_op.drop_column("urgency")
        batch_op.drop_column("category")

    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_memberships_offer_id"), type_="foreignkey")
        batch_op.drop_column("offer_id")
        batch_op.drop_column("awaits_induction")
        batch_op.drop_column("joined_at")

    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.drop_column("closed_on")
        batch_op.drop_column("rota_version")
        batch_op.drop_column("calendar_version")

    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.drop_index("uq_calls_asked_for")
        batch_op.drop_constraint(batch_op.f("fk_calls_asked_by_id"), type_="foreignkey")
        batch_op.drop_column("asked_by_id")

    with op.batch_alter_table("callers", schema=None) as batch_op:
        batch_op.drop_column("card_version")
        batch_op.drop_column("approach")
        batch_op.drop_column("no_texts")
        batch_op.drop_column("no_messages")
        batch_op.drop_column("hard_of_hearing")
        batch_op.drop_column("called")

    with op.batch_alter_table("blocks", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_blocks_group_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_blocks_group_id"))
        batch_op.drop_column("group_id")

    _let_go_of_the_audit_log()
    with op.batch_alter_table("audit_log", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_audit_log_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_audit_log_group_id"), type_="foreignkey")
        batch_op.drop_index("ix_audit_log_group")
        batch_op.drop_column("group_id")
        batch_op.drop_column("by_id")

    with op.batch_alter_table("swaps_asked", schema=None) as batch_op:
        batch_op.drop_index("ix_swaps_asked_group")

    op.drop_table("swaps_asked")
    with op.batch_alter_table("offers_asked", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offers_asked_volunteer_id"))
        batch_op.drop_index(batch_op.f("ix_offers_asked_request_id"))
        batch_op.drop_index(batch_op.f("ix_offers_asked_offer_id"))

    op.drop_table("offers_asked")
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notes_request_id"))

    op.drop_table("notes")
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visits_volunteer_id"))

    op.drop_table("visits")
    with op.batch_alter_table("hearings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hearings_volunteer_id"))

    op.drop_table("hearings")
    with op.batch_alter_table("sign_in_codes", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_codes_volunteer")

    op.drop_table("sign_in_codes")
    with op.batch_alter_table("rota_news", schema=None) as batch_op:
        batch_op.drop_index("ix_rota_news_volunteer")

    op.drop_table("rota_news")
    with op.batch_alter_table("rota_edits", schema=None) as batch_op:
        batch_op.drop_index("ix_rota_edits_group")

    op.drop_table("rota_edits")
    with op.batch_alter_table("leaves", schema=None) as batch_op:
        batch_op.drop_index("ix_leaves_volunteer_last")

    op.drop_table("leaves")
    op.drop_table("induction_ticks")
    op.drop_table("holidays")
