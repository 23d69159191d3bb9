"""An invoice of more lines than a person reads, told by product instead."""

from collections.abc import Iterable
from dataclasses import replace

from invoicing.domain.invoice_views import InvoiceView, LineView, group_lines
from invoicing.domain.sums import exact_sum


def summarised(invoice: InvoiceView) -> InvoiceView:
    """Return the invoice with one line for each family, product, price and kind, over all resources.

    invoice: [with its lines]; the amounts of the result add up to the same sums

    >>> from datetime import UTC, datetime
    >>> from decimal import Decimal
    >>> noon = datetime(2023, 9, 1, 12, tzinfo=UTC)
    >>> line = lambda position, resource, amount: LineView(
    ...     position, "charge", "charge", "sku", "", "Compute", resource, noon, noon, Decimal(2), "hour",
    ...     None, Decimal(amount), "standard")
    >>> [(line.position, str(line.quantity), str(line.net_amount))
    ...  for line in summary([line(1, "vm-1", "0.10"), line(2, "vm-2", "0.25")])]
    [(1, '4', '0.35')]
    """
    return replace(invoice, families=group_lines(summary(invoice.lines)))


def summary(lines: Iterable[LineView]) -> list[LineView]:
    """Return one line for all that differ only in resource, service period, quantity and amount.

    lines: [in order]; each result stands where the first of its lines stands
    """
    groups: dict[tuple[object, ...], list[LineView]] = {}
    for line in lines:
        key = (
            line.family,
            line.sku,
            line.description,
            line.kind,
            line.unit,
            line.unit_price,
            line.tax_category,
        )
        groups.setdefault(key, []).append(line)
    return [_together(position, group) for position, group in enumerate(groups.values(), start=1)]


def _together(position: int, lines: list[LineView]) -> LineView:
    quantities = [line.quantity for line in lines if line.quantity is not None]
    return replace(
        lines[0],
        position=position,
        resource="" if len(lines) > 1 else lines[0].resource,
        service_start=min(line.service_start for line in lines),
        service_end=max(line.service_end for line in lines),
        quantity=exact_sum(quantities) if len(quantities) == len(lines) else None,
        net_amount=exact_sum(line.net_amount for line in lines),
    )
