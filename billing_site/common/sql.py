"""Set-based work as files: one statement a file under `<app>/sql/`, run by name with named parameters."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import connection


@cache
def statement(app: str, name: str) -> str:
    """Return the text of `<app>/sql/<name>.sql`; FileNotFoundError names the path."""
    return files(app).joinpath("sql", f"{name}.sql").read_text("utf-8")


def run(app: str, name: str, parameters: Mapping[str, Any] | None = None) -> int:
    """Execute a statement in the caller's transaction and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement(app, name), parameters or {})
        return int(cursor.rowcount)


def rows(app: str, name: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Execute a statement and return its rows, in its order, as dicts by column name."""
    with connection.cursor() as cursor:
        cursor.execute(statement(app, name), parameters or {})
        columns = [column.name for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
