"""The wall clock. Only entry points (views, tasks, commands) ask; they pass the instant down."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)
