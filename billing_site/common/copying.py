"""COPY: the quick way into a table, and out of the database."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, cast

from django.db import connection
from psycopg import sql

from billing_site.common.sql import statement

NULL = "\\N"


def copy_text(table: str, columns: Sequence[str], text: str) -> None:
    """Append rows to a table in the caller's transaction; a broken constraint raises IntegrityError.

    text: [as COPY reads it] each row its values between tabs, then a line end; text values `escaped`
    """
    if not text:
        return
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    # Django's wrapper turns psycopg's errors into its own only around its own methods.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cast(Any, cursor).copy(command) as copy,
    ):
        copy.write(text)


def is_plain(text: str) -> bool:
    """Whether text is as COPY reads it already.

    >>> is_plain("a b"), is_plain("a\\tb")
    (True, False)
    """
    return not ("\\" in text or "\t" in text or "\n" in text or "\r" in text)


def escaped(text: str) -> str:
    """Return text as COPY reads it.

    >>> escaped("a\\tb")
    'a\\\\tb'
    """
    # Four searches that find nothing take a tenth of one translate().
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


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
