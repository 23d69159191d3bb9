"""What is left of an invoice to credit, and what a credit would come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from billing_site.common import sql
from catalogue.domain.rounding import RoundingMode
from catalogue.domain.tax import TaxLine, credit_note_tax_lines
from catalogue.models import Currency
from invoicing.domain.credits import CreditedLine, CreditRequest, LineLeft, credit, credited_by_category
from invoicing.domain.sums import exact_sum
from invoicing.models import CreditNoteTax, Invoice, InvoiceTax


@dataclass(frozen=True, slots=True)
class CreditEffect:
    """A credit note before it is made: its lines, its taxes and what they come to [money, positive]."""

    lines: list[CreditedLine]
    taxes: list[TaxLine]

    @property
    def net_amount(self) -> Decimal:
        return exact_sum(line.amount for line in self.lines)

    @property
    def tax_amount(self) -> Decimal:
        return exact_sum(tax.tax_amount for tax in self.taxes)

    @property
    def gross_amount(self) -> Decimal:
        return exact_sum([self.net_amount, self.tax_amount])


def lines_left(invoice: Invoice) -> list[LineLeft]:
    """Return one row a line of the invoice with what is left of it to credit, in no order; one query."""
    return [LineLeft(**row) for row in sql.rows("invoicing", "lines_left", {"invoice": invoice.pk})]


def credit_effect(*, invoice: Invoice, request: CreditRequest) -> CreditEffect:
    """Return what a credit of the invoice would be now; nothing is stored. 5 queries.

    Raises what `invoicing.domain.credits` refuses. Who goes on to store it holds the invoice's row lock.
    """
    minor_units = Currency.objects.get(code=invoice.currency).minor_units
    credited = credit(lines_left(invoice), request, minor_units)
    taxes = credit_note_tax_lines(
        credited_by_category(credited),
        _tax_lines(InvoiceTax.objects.filter(invoice=invoice)),
        _tax_lines(CreditNoteTax.objects.filter(credit_note__invoice=invoice)),
        minor_units=minor_units,
        mode=cast(RoundingMode, invoice.company.tax_rounding),
    )
    return CreditEffect(credited, taxes)


def _tax_lines(taxes: Iterable[InvoiceTax | CreditNoteTax]) -> list[TaxLine]:
    return [TaxLine(tax.category, tax.name, tax.percent, tax.taxable_amount, tax.tax_amount) for tax in taxes]
