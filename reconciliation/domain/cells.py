"""Values of another system's table, read exactly or refused at their column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from billing_site.common.errors import BillingError
from catalogue.domain.money import InvalidAmount, NotANumber, parse_decimal

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


class WrongCell(BillingError):
    """A value that cannot be used; `column` is where it stands."""

    code = "wrong_cell"

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


def text(cells: Mapping[str, str], column: str, *, longest: int) -> str:
    """Return a text that must be there.

    cells: [a line's values by column]. longest: [characters, 1 or more]. Raises WrongCell.

    >>> text({"id": "u-1"}, "id", longest=200)
    'u-1'
    """
    value = optional_text(cells, column, longest=longest)
    if not value:
        raise WrongCell(column, "It is empty: every line needs one.")
    return value


def optional_text(cells: Mapping[str, str], column: str, *, longest: int) -> str:
    """Return a text that may be empty, or whose column may be missing.

    cells: [a line's values by column]. longest: [characters, 1 or more]. Raises WrongCell.

    >>> optional_text({}, "sku", longest=120)
    ''
    """
    value = cells.get(column, "")
    if len(value) > longest:
        raise WrongCell(column, f"It has {len(value)} characters, and at most {longest} are known.")
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
        raise WrongCell(column, f"{value!r} has a character that is no text: take it out.")
    return value


def day(cells: Mapping[str, str], column: str) -> date:
    """Return a day; a month in its place is told apart from other mistakes.

    cells: [a line's values by column; a day is written 2026-03-05]. Raises WrongCell.

    >>> day({"day": "2026-03"}, "day")
    Traceback (most recent call last):
    reconciliation.domain.cells.WrongCell: '2026-03' is a month, and days are expected: write 2026-03-05.
    """
    value = cells.get(column, "")
    if _MONTH.fullmatch(value):
        raise WrongCell(column, f"{value!r} is a month, and days are expected: write 2026-03-05.")
    return _date(value, column, _DAY, f"{value!r} is no day: write it as 2026-03-05.")


def month(cells: Mapping[str, str], column: str) -> date:
    """Return the first day of a month.

    cells: [a line's values by column; a month is written 2026-03]. Raises WrongCell.

    >>> month({"month": "2026-03"}, "month")
    datetime.date(2026, 3, 1)
    """
    value = cells.get(column, "")
    if _DAY.fullmatch(value):
        raise WrongCell(column, f"{value!r} is a day, and months are expected: write 2026-03.")
    return _date(f"{value}-01", column, _DAY, f"{value!r} is no month: write it as 2026-03.")


def instant(cells: Mapping[str, str], column: str) -> datetime:
    """Return an instant of UTC.

    cells: [a line's values by column; an instant has a zone: 2026-03-05T14:00:00Z]. Raises WrongCell.

    >>> instant({"hour": "2026-03-05T15:00+01:00"}, "hour").isoformat()
    '2026-03-05T14:00:00+00:00'
    """
    value = cells.get(column, "")
    try:
        if not _INSTANT.fullmatch(value):
            raise ValueError(value)
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        sentence = f"{value!r} is no instant with a zone: write it as 2026-03-05T14:00:00Z."
        raise WrongCell(column, sentence) from error


def number(cells: Mapping[str, str], column: str) -> Decimal | None:
    """Return a number of any sign, exact; None where nothing stands.

    cells: [a line's values by column; a number is written 1234.50]. Raises WrongCell.

    >>> number({"amount": "-12.50"}, "amount")
    Decimal('-12.50')
    """
    value = cells.get(column, "")
    if not value:
        return None
    try:
        return parse_decimal(value)
    except (NotANumber, InvalidAmount) as error:
        raise WrongCell(column, error.sentence) from error


def _date(value: str, column: str, pattern: re.Pattern[str], sentence: str) -> date:
    try:
        if not pattern.fullmatch(value):
            raise ValueError(value)
        return date.fromisoformat(value)
    except ValueError as error:
        raise WrongCell(column, sentence) from error
