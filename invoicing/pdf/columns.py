"""How wide the columns of numbers are: as their longest number, so none is broken and no room is lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from billing_site.common.locale_formats import LocaleFormats
from catalogue.domain.rounding import round_quantity
from invoicing.domain.invoice_views import InvoiceView

# A digit of the 8 pt type, plain or bold, is 1.62 mm wide; separators are narrower.
_DIGIT = Decimal("1.65")
# What the heads of the columns need.
_LEAST_DIGITS = 10


@dataclass(frozen=True, slots=True)
class ColumnWidths:
    """Millimetres of each column, without its padding."""

    quantity: Decimal
    unit_price: Decimal
    net_amount: Decimal


def column_widths(invoice: InvoiceView) -> ColumnWidths:
    """Return the widths that the numbers of an invoice need."""
    formats = LocaleFormats(invoice.locale, invoice.timezone)
    lines = invoice.lines
    quantities = (round_quantity(line.quantity) for line in lines if line.quantity is not None)
    prices = (line.unit_price for line in lines if line.unit_price is not None)
    amounts = [line.net_amount for line in lines] + [family.net_amount for family in invoice.families]
    return ColumnWidths(
        quantity=_width(formats.number(value) for value in quantities),
        unit_price=_width(formats.number(value, least_decimals=invoice.minor_units) for value in prices),
        net_amount=_width(formats.number(value, least_decimals=invoice.minor_units) for value in amounts),
    )


def _width(numbers: Iterable[str]) -> Decimal:
    return _DIGIT * max(_LEAST_DIGITS, max((len(number) for number in numbers), default=0))
