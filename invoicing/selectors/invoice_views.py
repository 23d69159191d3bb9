"""Read an invoice as people see it, and which invoices a person sees."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from billing_site.common.errors import BillingError
from catalogue.models import Currency, Product
from catalogue.selectors.reach import Caller
from invoicing.domain.invoice_views import InvoiceView, LineView, PartyView, TaxView, group_lines
from invoicing.domain.tax_reasons import tax_reason
from invoicing.models import Document, Invoice, InvoiceLine, InvoiceTax
from invoicing.selectors.visible import visible_invoices

DISCOUNTS = "Discounts"
_KINDS = {kind.value: str(kind.label) for kind in InvoiceLine.Kind}
LINE_FIELDS = (
    "position",
    "kind",
    "sku",
    "description",
    "family",
    "resource",
    "service_start",
    "service_end",
    "quantity",
    "unit",
    "unit_price",
    "net_amount",
    "tax_category",
)


class InvoiceNotFound(BillingError):
    """No invoice has this id."""

    code = "invoice_not_found"


def listed_invoices(caller: Caller) -> QuerySet[Invoice]:
    """One row an issued invoice that a caller may see, latest month first, then by account and number.

    Each carries how its account reads (`locale`, `timezone`, `minor_units`) and if it `has_pdf`. 1 query.
    """
    documents = Document.objects.filter(invoice=OuterRef("pk"), kind=Document.Kind.PDF)
    return (
        visible_invoices(caller)
        .filter(state=Invoice.State.ISSUED)
        .annotate(
            locale=F("account__locale"),
            timezone=F("account__timezone"),
            minor_units=_minor_units(),
            has_pdf=Exists(documents),
        )
        .order_by("-month", "account__code", "number")
    )


def invoice_view(invoice_id: UUID) -> InvoiceView:
    """Return one invoice, draft or issued, with its lines by family and resource.

    Parties, locale and time zone are those of the snapshot taken at issue, and the account's where the
    snapshot has none. 3 queries: invoice, lines, taxes. Raises InvoiceNotFound.
    """
    invoice = (
        Invoice.objects.select_related("account", "company")
        .annotate(minor_units=_minor_units())
        .filter(pk=invoice_id)
        .first()
    )
    if invoice is None:
        raise InvoiceNotFound(f"There is no invoice with the id {invoice_id}.")
    return replace(invoice_head(invoice), families=group_lines(line_views(invoice_id)))


def invoice_head(invoice: Any) -> InvoiceView:
    """Return an invoice without its lines; 1 query for the taxes.

    invoice: a row with account, company and `minor_units`, as listed_invoices gives it.
    """
    account, company = invoice.account, invoice.company
    return InvoiceView(
        id=invoice.pk,
        number=invoice.number,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        month=invoice.month,
        period_start=invoice.period_start,
        period_end=invoice.period_end,
        locale=invoice.buyer.get("locale", account.locale),
        timezone=invoice.buyer.get("timezone", account.timezone),
        currency=invoice.currency,
        minor_units=invoice.minor_units,
        seller=party_view(invoice.seller, code=company.code),
        buyer=party_view(invoice.buyer, code=account.code),
        legal_footer=invoice.seller.get("legal_footer", company.legal_footer),
        logo=invoice.seller.get("logo", ""),
        usage_annex=invoice.buyer.get("usage_annex", False),
        families=(),
        taxes=_taxes(invoice),
        net_amount=invoice.net_amount,
        tax_amount=invoice.tax_amount,
        gross_amount=invoice.gross_amount,
    )


def _minor_units() -> Subquery:
    return Subquery(Currency.objects.filter(code=OuterRef("currency")).values("minor_units"))


def party_view(snapshot: Mapping[str, Any], *, code: str) -> PartyView:
    """Return a snapshot of seller or buyer; code: its own, where the snapshot has none."""
    address = str(snapshot.get("address", "")).splitlines()
    return PartyView(
        code=snapshot.get("code", code),
        name=snapshot["name"],
        address=tuple(line.strip() for line in address if line.strip()),
        country=snapshot.get("country", ""),
        tax_number=snapshot.get("tax_number", ""),
        email=snapshot.get("email", ""),
    )


def line_views(invoice_id: UUID) -> Iterator[LineView]:
    """Yield the lines of an invoice in order of position; 1 query, read piece by piece."""
    lines = InvoiceLine.objects.filter(invoice_id=invoice_id).order_by("position")
    return map(line_view, lines.values(*LINE_FIELDS).iterator())


def line_view(row: dict[str, Any]) -> LineView:
    """Return the values of LINE_FIELDS of a row as a line."""
    if row["kind"] == InvoiceLine.Kind.DISCOUNT and not row["family"]:
        row["family"] = DISCOUNTS
    return LineView(kind_label=_KINDS[row["kind"]], **row)


def _taxes(invoice: Any) -> tuple[TaxView, ...]:
    treatment = invoice.buyer.get("tax_treatment", {"category": None})
    categories = {category.value: str(category.label) for category in Product.TaxCategory}
    return tuple(
        TaxView(
            category=tax.category,
            category_label=categories[tax.category],
            name=tax.name,
            percent=tax.percent,
            taxable_amount=tax.taxable_amount,
            tax_amount=tax.tax_amount,
            reason="" if tax.percent else _reason(tax.category, treatment),
        )
        for tax in InvoiceTax.objects.filter(invoice_id=invoice.pk).order_by("category", "name")
    )


def _reason(category: str, treatment: Mapping[str, Any]) -> str:
    if category != treatment["category"]:
        return tax_reason(category)
    return tax_reason(category, reason=treatment["reason"], certificate=treatment["certificate"])
