"""Template filters that write an invoice's values as its reader does: `{{ line.net_amount|amount:invoice }}`.

The reader is an `InvoiceView`, or a row of a list with the same four fields.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from django import template

from billing_site.common.locale_formats import LocaleFormats
from catalogue.domain.rounding import round_quantity

register = template.Library()


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
    """An amount without its currency, or a unit price: at least the currency's decimals, and all that it has."""
    return _formats(reader).number(value, least_decimals=reader.minor_units)


@register.filter
def money(value: Decimal, reader: Reader) -> str:
    """An amount with the code of its currency."""
    return _formats(reader).money(value, reader.currency, reader.minor_units)


@register.filter
def quantity(value: Decimal, reader: Reader) -> str:
    """A quantity at up to 6 decimals."""
    return _formats(reader).number(round_quantity(value))


@register.filter
def percent(value: Decimal, reader: Reader) -> str:
    """A percent without its sign."""
    return _formats(reader).number(value)


@register.filter
def day(value: date, reader: Reader) -> str:
    return _formats(reader).date(value)


@register.filter
def month(value: date, reader: Reader) -> str:
    return _formats(reader).month(value)


@register.simple_tag
def period(start: datetime, end: datetime, reader: Reader) -> str:
    """A half-open period in the reader's time zone."""
    return _formats(reader).period(start, end)


def _formats(reader: Reader) -> LocaleFormats:
    return LocaleFormats(reader.locale, reader.timezone)
