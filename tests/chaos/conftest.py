"""What the stories with deaths stand on, on PostgreSQL."""

from tests.chaos.afresh import emptied

__all__ = ["emptied"]
