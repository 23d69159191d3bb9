"""Template filters that write an invoice's values as its reader does: `{{ line.net_amount|amount:invoice }}`.

The reader is an `InvoiceView`, or a row of a list with the same four fields.
"""

import unicodedata
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Protocol

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from billing_site.common.locale_formats import LocaleFormats
from catalogue.domain.rounding import round_quantity, round_unit_price

register = template.Library()

# Letters from right to left, Arabic digits, and every mark that opens or closes a direction.
_REORDERS = frozenset({"R", "AL", "AN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


class Reader(Protocol):
    """Whose locale, time zone and currency decide how a value is written."""

    @property
    def locale(self) -> str: ...
    @property
    def timezone(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def minor_units(self) -> int: ...


@register.filter
def amount(value: Decimal, reader: Reader) -> str:
    """An amount without its currency, or a unit price: all its decimals, at least the currency's."""
    return _formats(reader).number(value, least_decimals=reader.minor_units)


@register.filter
def money(value: Decimal, reader: Reader) -> str:
    """An amount with the code of its currency."""
    return _formats(reader).money(value, reader.currency, reader.minor_units)


@register.filter
def exact_amount(value: Decimal | Fraction, reader: Reader) -> str:
    """An amount before its rounding, or the price of a step: at up to 12 decimals."""
    return amount(round_unit_price(value), reader)


@register.filter
def quantity(value: Decimal | Fraction, reader: Reader) -> str:
    """A quantity at up to 6 decimals."""
    return _formats(reader).number(round_quantity(value))


@register.filter
def percent(value: Decimal, reader: Reader) -> str:
    """A percent without its sign."""
    return _formats(reader).number(value)


@register.filter
def day(value: date, reader: Reader) -> SafeString:
    """A day, isolated."""
    return isolated(_formats(reader).day(value))


@register.filter
def instant(value: datetime, reader: Reader) -> SafeString:
    """An instant to the second in the reader's time zone, isolated."""
    return isolated(_formats(reader).instant(value))


@register.filter
def month(value: date, reader: Reader) -> SafeString:
    """A month with its year, isolated."""
    return isolated(_formats(reader).month(value))


@register.filter
def isolated(text: str) -> SafeString:
    """Text that may run from right to left, kept from reordering what stands beside it.

    The direction is that of the first letter; a browser would find it by itself, the PDF has to be told.
    Text without such letters stays as it is: an element for each word of a long table would double its cost.
    """
    return _isolated(text)


@lru_cache(maxsize=4096)
def _isolated(text: str) -> SafeString:
    directions = [unicodedata.bidirectional(sign) for sign in text]
    if not _REORDERS.intersection(directions):
        return conditional_escape(text)
    first = next((direction for direction in directions if direction in {"L", "R", "AL"}), "L")
    return format_html('<bdi dir="{}">{}</bdi>', "ltr" if first == "L" else "rtl", text)


@register.simple_tag
def period(start: datetime, end: datetime, reader: Reader) -> SafeString:
    """A half-open period in the reader's time zone, isolated."""
    return isolated(_formats(reader).period(start, end))


def _formats(reader: Reader) -> LocaleFormats:
    return LocaleFormats(reader.locale, reader.timezone)
