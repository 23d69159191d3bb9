"""The lines of an invoice as CSV: exact numbers, and no text that a spreadsheet would run."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import StringIO

from billing_site.common.locale_formats import local_instant
from billing_site.common.spreadsheets import safe_text
from catalogue.domain.rounding import round_money
from invoicing.domain.invoice_views import InvoiceView, LineView

COLUMNS = (
    *("position", "kind", "family", "resource", "sku", "description", "service_start", "service_end"),
    *("quantity", "unit", "unit_price", "net_amount", "currency", "tax_category"),
)


def lines_csv(invoice: InvoiceView) -> bytes:
    """Return all lines, in order of position."""
    return b"".join(line_rows(sorted(invoice.lines, key=lambda line: line.position), invoice))


def line_rows(lines: Iterable[LineView], invoice: InvoiceView) -> Iterator[bytes]:
    """Yield the head and one row a line; instants in the account's time zone.

    It begins with a byte order mark, without which spreadsheets take UTF-8 for something else.
    """
    yield "\ufeff".encode() + _written(COLUMNS)
    for line in lines:
        yield _written(_row(line, invoice))


def _written(cells: Sequence[object]) -> bytes:
    text = StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def _row(line: LineView, invoice: InvoiceView) -> tuple[object, ...]:
    return (
        line.position,
        line.kind,
        *map(safe_text, (line.family, line.resource, line.sku, line.description)),
        *(local_instant(instant, invoice.timezone) for instant in (line.service_start, line.service_end)),
        *(plain(line.quantity), safe_text(line.unit), plain(line.unit_price)),
        *(round_money(line.net_amount, invoice.minor_units), invoice.currency, line.tax_category),
    )


def plain(number: Decimal | None) -> str:
    """Return a number with all its digits, without exponent or zeros at the end; nothing for none."""
    text = "" if number is None else f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
