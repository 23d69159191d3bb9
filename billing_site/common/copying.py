"""COPY: the quick way into a table, and out of the database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, cast

from django.db import connection
from psycopg import sql

from billing_site.common.sql import statement

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows to a table in the caller's transaction; a broken constraint raises IntegrityError.

    Values: text, int, Decimal, bool, datetime, UUID, bytes or None; JSON as text.
    """
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    lines = "".join("\t".join(map(_text, row)) + "\n" for row in rows)
    if not lines:
        return
    # Django's wrapper turns psycopg's errors into its own only around its own methods.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cast(Any, cursor).copy(command) as copy,
    ):
        copy.write(lines)


def copy_in(table: str, columns: Sequence[str], rows: bytes) -> None:
    """Append rows to a table from CSV without headings: nothing is null."""
    command = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cast(Any, cursor).copy(command) as copy,
    ):
        copy.write(rows)


def copy_out(app: str, name: str, parameters: Mapping[str, Any]) -> BytesIO:
    """Return the rows of `<app>/sql/<name>.sql` as CSV without headings: null is nothing, no text ""."""
    query = sql.SQL(statement(app, name))
    command = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(query)
    rows = BytesIO()
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        # Django's wrapper of a cursor takes no parameters for COPY; psycopg's own does.
        cast(Any, cursor).cursor.copy(command, parameters) as copy,
    ):
        for chunk in copy:
            rows.write(chunk)
    rows.seek(0)
    return rows


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    return str(value)
