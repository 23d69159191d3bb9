"""Give numbers without gaps, by company, kind and year."""

from __future__ import annotations

from catalogue.models import Company
from invoicing.models import NumberSeries

_BETWEEN_PREFIX_AND_YEAR = {NumberSeries.Kind.CREDIT_NOTE: "CN-", NumberSeries.Kind.INTERCOMPANY: "IC-"}


def locked_series(*, company: Company, kind: NumberSeries.Kind, year: int) -> NumberSeries:
    """Return the company's series of a kind and year, locked until the transaction ends.

    year: [of the day of issue] Whoever gives numbers adds to `last_number` in the same transaction, so that a
    number that is not used is not given.
    """
    NumberSeries.objects.get_or_create(company=company, kind=kind, year=year)
    return NumberSeries.objects.select_for_update().get(company=company, kind=kind, year=year)


def number_prefix(*, company: Company, kind: NumberSeries.Kind, year: int) -> str:
    """Return what stands before the counter: DE-2026- for invoices, DE-CN-2026- for credit notes."""
    return f"{company.number_prefix}-{_BETWEEN_PREFIX_AND_YEAR.get(kind, '')}{year}-"
