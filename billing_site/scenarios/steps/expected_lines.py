"""Lines of invoices, credit notes and live charges as rows of the same fields."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from msgspec import UNSET

from billing_site.scenarios.comparing import Row
from billing_site.scenarios.expected import ExpectedLine
from billing_site.scenarios.values import Moment
from invoicing.models import CreditNote, Invoice, InvoiceLine
from metering.selectors.live_charges import LiveCharge


def wanted_rows(lines: Iterable[ExpectedLine], zone: ZoneInfo) -> list[Row]:
    """One row for each line, with the fields that the file lists."""
    rows: list[Row] = []
    for line in lines:
        listed = {field: getattr(line, field) for field in ExpectedLine.__struct_fields__}
        rows.append(
            {
                field: value.instant(zone) if isinstance(value, Moment) else value
                for field, value in listed.items()
                if value is not UNSET
            }
        )
    return rows


def invoice_rows(invoice: Invoice) -> list[Row]:
    """One row for each line of the invoice, in its order."""
    return [
        {
            "kind": line.kind,
            "sku": line.sku or None,
            "resource": line.resource or None,
            "service_start": line.service_start,
            "service_end": line.service_end,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "amount": line.net_amount,
        }
        for line in InvoiceLine.objects.filter(invoice_id=invoice.pk).order_by("position")
    ]


def credit_note_rows(note: CreditNote) -> list[Row]:
    """One row for each line of the credit note, in its order; what is credited is positive."""
    return [
        {
            "kind": "correction",
            "sku": line.sku or None,
            "resource": line.resource or None,
            "service_start": line.service_start,
            "service_end": line.service_end,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "amount": line.net_amount,
        }
        for line in note.lines.order_by("position")
    ]


def charge_rows(charges: Iterable[LiveCharge]) -> list[Row]:
    """One row for each live charge; its amount is unrounded."""
    return [
        {
            "kind": "charge",
            "sku": charge.sku,
            "resource": charge.resource or None,
            "service_start": charge.service_start,
            "service_end": charge.service_end,
            "quantity": charge.quantity,
            "unit_price": charge.unit_price,
            "amount": charge.amount,
        }
        for charge in charges
    ]
