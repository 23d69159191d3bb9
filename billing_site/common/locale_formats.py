"""Numbers, money and dates as the reader of a page or document writes them (Babel, CLDR).

Nothing is rounded here: a number is shown with all the decimals that it has.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton, format_time
from babel.numbers import NumberPattern, parse_pattern

_NO_BREAK_SPACE = "\u00a0"
# Digits of any number that the database can hold; Babel would round to Python's default of 28.
_DIGITS = 80


@dataclass(frozen=True, slots=True)
class LocaleFormats:
    """How one reader writes numbers and instants.

    An unknown locale reads as English and an unknown zone as UTC: a document is never held up by them.
    """

    locale: str
    timezone: str

    def number(self, value: Decimal, *, least_decimals: int = 0) -> str:
        """Write a number with all its decimals but no trailing zeros beyond `least_decimals`."""
        return _number(self.locale, value, least_decimals)

    def money(self, amount: Decimal, currency: str, minor_units: int) -> str:
        """Write an amount beside the code of its currency, on the side where the locale puts it."""
        number = self.number(amount, least_decimals=minor_units)
        if _currency_stands_first(self.locale):
            return f"{currency}{_NO_BREAK_SPACE}{number}"
        return f"{number}{_NO_BREAK_SPACE}{currency}"

    def day(self, day: date) -> str:
        """Write a day with its year."""
        return _date(self.locale, day)

    def month(self, day: date) -> str:
        """Write the month of a day with its year."""
        return _month(self.locale, day)

    def instant(self, instant: datetime) -> str:
        """Write an instant to the second, in the reader's zone."""
        local = instant.astimezone(_zone(self.timezone))
        return f"{_date(self.locale, local.date())}, {_time(self.locale, local.time(), 'medium')}"

    def period(self, start: datetime, end: datetime) -> str:
        """Write a half-open period: whole local days as first to last day, others to the minute or second."""
        return _period(self.locale, self.timezone, start, end)


def local_instant(instant: datetime, timezone: str) -> str:
    """Write an instant for programs, ISO 8601 with the offset of a time zone."""
    return instant.astimezone(_zone(timezone)).isoformat()


def local_day(instant: datetime, timezone: str, *, just_before: bool = False) -> date:
    """Return the day of an instant in a time zone; `just_before`: the last day of what ends with it."""
    return (instant - timedelta(microseconds=just_before)).astimezone(_zone(timezone)).date()


def _decimals(value: Decimal) -> int:
    _, digits, exponent = value.as_tuple()
    decimals = -cast(int, exponent)
    for digit in reversed(digits):
        if decimals <= 0 or digit:
            break
        decimals -= 1
    return max(decimals, 0) if value else 0


@lru_cache
def _locale(identifier: str) -> Locale:
    try:
        return Locale.parse(identifier.replace("-", "_"))
    except (ValueError, TypeError, UnknownLocaleError):
        return Locale("en")


@lru_cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, ZoneInfoNotFoundError):
        return ZoneInfo("UTC")


# Pages of a thousand lines say the same quantities, prices and periods again and again.
@lru_cache(maxsize=4096)
def _number(locale: str, value: Decimal, least_decimals: int) -> str:
    decimals = max(_decimals(value), least_decimals)
    with localcontext(prec=_DIGITS):
        return cast(str, _number_pattern(locale, decimals).apply(value, _locale(locale)))


@lru_cache
def _number_pattern(locale: str, decimals: int) -> NumberPattern:
    whole = _locale(locale).decimal_formats[None].pattern.split(";")[0].split(".")[0]
    return parse_pattern(f"{whole}.{'0' * decimals}" if decimals else whole)


@lru_cache
def _currency_stands_first(locale: str) -> bool:
    return _visible(_locale(locale).currency_formats["standard"].pattern).startswith("¤")


def _visible(text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


@lru_cache(maxsize=1024)
def _date(locale: str, day: date) -> str:
    # Arabic dates carry marks of direction, which break PDF text into pieces; who shows them isolates them.
    return _visible(format_date(day, "medium", _locale(locale)))


@lru_cache(maxsize=1024)
def _month(locale: str, day: date) -> str:
    return format_skeleton("yMMMM", day, locale=_locale(locale))


@lru_cache(maxsize=4096)
def _period(locale: str, timezone: str, start: datetime, end: datetime) -> str:
    language, zone = _locale(locale), _zone(timezone)
    first, last = start.astimezone(zone), end.astimezone(zone)
    if _is_midnight(first) and _is_midnight(last) and start < end:
        last_day = last.date() - timedelta(days=1)
        if last_day <= first.date():
            return _date(locale, first.date())
        return format_interval(first.date(), last_day, "yMMMd", locale=language)
    exact = "medium" if first.second or last.second else "short"
    instants = (
        f"{_date(locale, instant.date())}, {format_time(instant.time(), exact, locale=language)}"
        for instant in (first, last)
    )
    # In a narrow column it may break after the dash only.
    return f"{_NO_BREAK_SPACE}– ".join(instant.replace(" ", _NO_BREAK_SPACE) for instant in instants)


def _time(locale: str, time: time, exact: Literal["short", "medium"]) -> str:
    return _visible(format_time(time, exact, locale=_locale(locale)))


def _is_midnight(instant: datetime) -> bool:
    return (instant.hour, instant.minute, instant.second, instant.microsecond) == (0, 0, 0, 0)
