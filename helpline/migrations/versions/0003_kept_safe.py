"""What keeps promises while things break, and what neighbours told us to ourselves."""

from collections.abc import Sequence

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """To 0003."""


def downgrade() -> None:
    """Back to 0002."""
