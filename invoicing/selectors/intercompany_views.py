"""Read an inter-company document as people see it."""

from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from billing_site.common.errors import BillingError
from catalogue.domain.periods import local_midnight, month_cycle
from catalogue.models import Currency
from invoicing.domain.invoice_views import DocumentKind, InvoiceView, LineView, group_lines
from invoicing.models import InterCompanyDocument, InterCompanyLine, InvoiceLine
from invoicing.selectors.invoice_views import party_view

# The offices of a group read what the whole group reads.
_LOCALE = "en"


class InterCompanyDocumentNotFound(BillingError):
    """No inter-company document has this id."""

    code = "intercompany_document_not_found"


def intercompany_view(document_id: UUID) -> InvoiceView:
    """Return one inter-company document, its lines grouped by account; untaxed and without a due date.

    3 queries: document, currency, lines. Raises InterCompanyDocumentNotFound.
    """
    documents = InterCompanyDocument.objects.select_related("head_office", "sales_office")
    document = documents.filter(pk=document_id).first()
    if document is None:
        raise InterCompanyDocumentNotFound(f"There is no inter-company document with the id {document_id}.")
    zone = document.head_office.timezone
    start, end = (
        local_midnight(day, ZoneInfo(zone)) for day in (document.month, month_cycle(document.month).ends_on)
    )
    rows = InterCompanyLine.objects.filter(document_id=document_id).order_by("position")
    lines = (
        LineView(
            position=row.position,
            kind=InvoiceLine.Kind.CHARGE,
            kind_label=str(InvoiceLine.Kind.CHARGE.label),
            sku=row.sku,
            description=row.description,
            family=row.account,
            resource="",
            service_start=start,
            service_end=end,
            quantity=row.quantity,
            unit=row.unit,
            unit_price=None,
            net_amount=row.net_amount,
            tax_category="",
        )
        for row in rows.iterator()
    )
    return InvoiceView(
        id=document.pk,
        kind=DocumentKind.INTERCOMPANY,
        number=document.number,
        issued_on=document.issued_on,
        due_on=None,
        month=document.month,
        period_start=start,
        period_end=end,
        locale=_LOCALE,
        timezone=zone,
        currency=document.currency,
        minor_units=Currency.objects.get(code=document.currency).minor_units,
        seller=party_view(document.seller, code=document.head_office.code),
        buyer=party_view(document.buyer, code=document.sales_office.code),
        legal_footer=document.seller.get("legal_footer", ""),
        logo=document.seller.get("logo", ""),
        usage_annex=False,
        families=group_lines(lines),
        taxes=(),
        net_amount=document.net_amount,
        tax_amount=Decimal(0),
        gross_amount=document.net_amount,
    )
