"""The words of a statement: names and keywords, without comments and literals."""

from collections.abc import Iterator
from functools import cache

import sqlparse
from sqlparse import tokens


@cache
def words(text: str) -> tuple[tuple[int, str], ...]:
    """Return the line and text of each keyword and name, in order."""
    return tuple(_words(text))


def _words(text: str) -> Iterator[tuple[int, str]]:
    line = 1
    for statement in sqlparse.parse(text):
        for token in statement.flatten():
            if (
                token.ttype in tokens.Name
                or token.ttype in tokens.Keyword
                or token.ttype in tokens.Literal.String.Symbol
            ):
                # One token may be several words ("ORDER BY") with any space between.
                for word in token.value.split():
                    yield line, word.strip('"')
            line += token.value.count("\n")
