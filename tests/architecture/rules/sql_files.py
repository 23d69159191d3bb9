"""A statement reads its own app and the lower ones, and writes only to its own."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import sqlparse

from tests.architecture.rules.sql_words import words
from tests.architecture.sources import LINE, Source

_OF_DJANGO = ("auth", "django")
# After these, UPDATE, DELETE and INSERT name no table: FOR UPDATE, FOR NO KEY UPDATE, DO UPDATE, THEN UPDATE.
_NO_TABLE_FOLLOWS = {"FOR", "KEY", "DO", "THEN"}
# The bench fills a database of its own, from which nobody is billed.
_BENCH = "billing_site/sql/bench_"
_WHOLE_TABLES = {"ALTER", "ANALYZE", "CLUSTER", "COPY", "DROP", "REINDEX", "TRUNCATE", "VACUUM"}


def own_or_lower_tables_named(source: Source) -> Iterator[tuple[int, str]]:
    if not source.is_statement:
        return
    for line, word in words(source.text):
        if word.startswith(tuple(f"{app}_" for app in source.higher_apps)):
            yield line, f"{word} is a table of an app that {source.app} does not know."


def own_tables_written(source: Source) -> Iterator[tuple[int, str]]:
    """Working tables have no app in their name; they end with the transaction."""
    if not source.is_statement or str(source.path).startswith(_BENCH):
        return
    found = words(source.text)
    upper = [word.upper() for _, word in found]
    if upper[:2] == ["CREATE", "TABLE"]:
        yield found[0][0], "A table that stays needs a model and a migration; a working table is TEMP."
    others = tuple(f"{app}_" for app in (*LINE, *_OF_DJANGO) if app != source.app)
    for line, table in _written(found, upper):
        if table.startswith(others):
            yield line, f"{table} is written by its own app only: call a service of it."


def one_statement_with_a_head_comment(source: Source) -> Iterator[tuple[int, str]]:
    if not source.is_statement:
        return
    if not source.text.startswith("-- "):
        yield 1, "It begins with a comment: grain, inputs, locks, what a second run does."
    if len(sqlparse.split(source.text)) != 1:
        yield 1, "A file holds one statement."


def _written(found: Sequence[tuple[int, str]], upper: list[str]) -> Iterator[tuple[int, str]]:
    if upper and upper[0] in _WHOLE_TABLES:
        yield from found[1:]
    for index, (before, word) in enumerate(pairwise(["", *upper])):
        if word in ("INSERT", "UPDATE", "DELETE", "MERGE") and before not in _NO_TABLE_FOLLOWS:
            after = index + 1
            while after < len(upper) and upper[after] in ("INTO", "FROM", "ONLY"):
                after += 1
            if after < len(upper):
                yield found[after]
