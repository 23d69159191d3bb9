"""Put the file of an invoice, or of another document, together: the page, and what is inside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.core.files.storage import default_storage

from catalogue.domain.logos import logo_type
from invoicing.domain.invoice_views import DocumentKind, InvoiceView, group_lines
from invoicing.domain.summaries import summarised
from invoicing.einvoice.factur_x import DESCRIPTION, FILE_NAME, RELATIONSHIP, factur_x_metadata
from invoicing.einvoice.invoices import en16931_xml
from invoicing.einvoice.refusals import NotAnEInvoice
from invoicing.models import Invoice
from invoicing.pdf.invoice_pdf import invoice_pdf
from invoicing.pdf.line_file import lines_csv
from invoicing.pdf.usage_file import usage_csv
from metering.selectors.used import Used, used_in_month

if TYPE_CHECKING:
    from billing_site.common.pdf.engine import Picture

log = structlog.get_logger(__name__)
_BETWEEN_COMPANIES = DocumentKind.INTERCOMPANY


def invoice_document(invoice: InvoiceView) -> bytes:
    """Return the PDF of a document with its files; the same document gives the same bytes.

    What is not issued says so across each page, and is no e-invoice.
    A document of more lines than DOCUMENT_PRINTED_LINES is told by product, and its lines are a CSV inside;
    so is a usage annex of more rows than DOCUMENT_ANNEX_ROWS.
    """
    from billing_site.common.pdf.engine import EmbeddedFile

    notes: list[str] = []
    embedded: list[EmbeddedFile] = []
    metadata = b""
    printed = invoice
    if len(invoice.lines) > settings.DOCUMENT_PRINTED_LINES:
        printed = summarised(_over_all_accounts(invoice) if invoice.kind == _BETWEEN_COMPANIES else invoice)
        embedded.append(EmbeddedFile("lines.csv", "Every line", "Supplement", lines_csv(invoice)))
        notes.append(
            f"This document has {len(invoice.lines):,} lines. Here they are added up by product; "
            "each of them is in the file lines.csv inside this PDF."
        )
    used = _used(invoice) if invoice.usage_annex else []
    if len(used) > settings.DOCUMENT_ANNEX_ROWS:
        content = usage_csv(used, invoice.timezone)
        embedded.append(EmbeddedFile("usage.csv", "What was used, row by row", "Supplement", content))
        notes.append(f"What was used, {len(used):,} rows, is in the file usage.csv inside this PDF.")
        used = []
    if not invoice.kind.is_issued:
        notes.append("This is no invoice: it has no number, nothing is due, and it may still change.")
    elif invoice.kind != _BETWEEN_COMPANIES:
        try:
            xml = en16931_xml(printed)
        except NotAnEInvoice as refusal:
            notes.append(f"This PDF carries no e-invoice (EN 16931): {refusal.sentence}")
        else:
            embedded.append(EmbeddedFile(FILE_NAME, DESCRIPTION, RELATIONSHIP, xml))
            metadata = factur_x_metadata()
    return invoice_pdf(
        printed, logo=_logo(invoice), notes=notes, embedded=embedded, metadata=metadata, used=used
    )


def _over_all_accounts(document: InvoiceView) -> InvoiceView:
    """The lines of an inter-company document as one group, so that they can be added up by product."""
    lines = (replace(line, family="All accounts") for line in document.lines)
    return replace(document, families=group_lines(lines))


def _used(invoice: InvoiceView) -> list[Used]:
    account_id = Invoice.objects.values_list("account_id", flat=True).get(pk=invoice.id)
    return used_in_month(account_id=account_id, month=invoice.month)


def _logo(invoice: InvoiceView) -> Picture | None:
    """Read the seller's picture as it was at issue; no document waits for one that is gone."""
    from billing_site.common.pdf.engine import Picture

    if not invoice.logo:
        return None
    if not default_storage.exists(invoice.logo):
        log.warning("logo_gone", invoice=invoice.number, file=invoice.logo, what_follows="printed without")
        return None
    with default_storage.open(invoice.logo) as file:
        content = file.read()
    return Picture(logo_type(content), content)
