"""Invoices as a bill run leaves them: parties as snapshots, lines, taxes, totals, issued at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.db.models.fields.files import FieldFile

from catalogue.models import Account, Company, Currency
from invoicing.models import Invoice, InvoiceLine, InvoiceTax

SEPTEMBER = (datetime(2023, 9, 1, tzinfo=UTC), datetime(2023, 10, 1, tzinfo=UTC))
_charge_ids = count(1)


@dataclass(frozen=True)
class Line:
    """A line with defaults for all that a test does not look at."""

    net_amount: str
    resource: str = "vm-1"
    family: str = "Compute"
    sku: str = "vm.small"
    description: str = "Virtual machine, small"
    quantity: str | None = "720"
    unit: str = "hour"
    unit_price: str | None = "0.01"
    kind: str = "charge"
    tax_category: str = "standard"
    service: tuple[datetime, datetime] = SEPTEMBER


@dataclass(frozen=True)
class Tax:
    tax_amount: str
    percent: str = "19"
    name: str = "VAT"
    category: str = "standard"


def currency(code: str, minor_units: int) -> Currency:
    return Currency.objects.get_or_create(code=code, defaults={"name": code, "minor_units": minor_units})[0]


def company(code: str = "DE", *, currency_code: str = "EUR", minor_units: int = 2, **fields: Any) -> Company:
    defaults = {
        "name": f"Meridian Cloud {code}",
        "country": code,
        "currency": currency(currency_code, minor_units),
        "number_prefix": code,
        "address": "Große Lindenallee 12\n60311 Frankfurt am Main",
        "tax_number": "DE200000013",
    }
    return Company.objects.get_or_create(code=code, defaults=defaults | fields)[0]


def account(code: str = "acct-de-1", *, of: Company | None = None, **fields: Any) -> Account:
    seller = of or company()
    defaults = {
        "company": seller,
        "name": "Süßwassermühle Logistik GmbH",
        "currency": seller.currency,
        "country": seller.country,
        "timezone": "UTC",
        "locale": "de_DE",
        "address": "Mühlenstraße 44\n20459 Hamburg",
        "tax_number": "DE123456788",
    }
    return Account.objects.get_or_create(code=code, defaults=defaults | fields)[0]


def draft_invoice(
    of: Account | None = None,
    *,
    lines: Sequence[Line] = (Line("7.20"),),
    taxes: Sequence[Tax] = (),
    month: date = date(2023, 9, 1),
    period: tuple[datetime, datetime] = SEPTEMBER,
) -> Invoice:
    buyer = of or account()
    net = sum((Decimal(line.net_amount) for line in lines), Decimal(0))
    tax = sum((Decimal(tax.tax_amount) for tax in taxes), Decimal(0))
    invoice = Invoice.objects.create(
        company=buyer.company,
        account=buyer,
        month=month,
        period_start=period[0],
        period_end=period[1],
        currency=buyer.currency_id,
        net_amount=net,
        tax_amount=tax,
        gross_amount=net + tax,
        seller=_snapshot(buyer.company, "legal_footer", "logo"),
        buyer=_snapshot(buyer, "locale", "timezone", "email", "usage_annex"),
    )
    InvoiceLine.objects.bulk_create(
        _line(invoice, position, line) for position, line in enumerate(lines, start=1)
    )
    for tax_row in taxes:
        taxable = sum(Decimal(line.net_amount) for line in lines if line.tax_category == tax_row.category)
        InvoiceTax.objects.create(
            invoice=invoice,
            category=tax_row.category,
            name=tax_row.name,
            percent=Decimal(tax_row.percent),
            taxable_amount=taxable,
            tax_amount=Decimal(tax_row.tax_amount),
        )
    return invoice


def issued_invoice(
    of: Account | None = None,
    *,
    number: str = "DE-2023-00001",
    issued_on: date = date(2023, 10, 1),
    due_on: date = date(2023, 10, 31),
    **draft: Any,
) -> Invoice:
    invoice = draft_invoice(of, **draft)
    invoice.number, invoice.issued_on, invoice.due_on = number, issued_on, due_on
    invoice.state = Invoice.State.ISSUED
    invoice.save()
    return invoice


def _snapshot(party: Company | Account, *more: str) -> dict[str, Any]:
    fields = ("code", "name", "address", "country", "tax_number", *more)
    values = {field: getattr(party, field) for field in fields}
    return {field: value.name if isinstance(value, FieldFile) else value for field, value in values.items()}


def _line(invoice: Invoice, position: int, line: Line) -> InvoiceLine:
    is_discount = line.kind == InvoiceLine.Kind.DISCOUNT
    return InvoiceLine(
        invoice_id=invoice.pk,
        position=position,
        kind=line.kind,
        charge_id=None if is_discount else next(_charge_ids),
        sku=line.sku,
        description=line.description,
        family=line.family,
        resource=line.resource,
        service_start=line.service[0],
        service_end=line.service[1],
        quantity=None if line.quantity is None else Decimal(line.quantity),
        unit=line.unit,
        unit_price=None if line.unit_price is None else Decimal(line.unit_price),
        net_amount=Decimal(line.net_amount),
        tax_category=line.tax_category,
    )
