"""An invoice as a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from invoicing.domain.invoice_views import InvoiceView
from invoicing.pdf.columns import column_widths
from metering.selectors.used import Used

if TYPE_CHECKING:
    from billing_site.common.pdf.engine import EmbeddedFile, Picture


def invoice_pdf(
    invoice: InvoiceView,
    *,
    logo: Picture | None = None,
    notes: Sequence[str] = (),
    embedded: Sequence[EmbeddedFile] = (),
    metadata: bytes = b"",
    used: Sequence[Used] = (),
) -> bytes:
    """Return the invoice as PDF/A-3b, tagged; the same invoice gives the same bytes.

    notes: [sentences] printed at the end. used: [rows] printed as the annex. metadata: [RDF descriptions] of
    what is embedded.
    """
    # WeasyPrint loads Pango, which a process that renders nothing does not need.
    from billing_site.common.pdf.engine import write_pdf

    return write_pdf(
        invoice_html(invoice, has_logo=logo is not None, notes=notes, used=used),
        "invoicing.pdf:invoice.css",
        dated=invoice.issued_on or invoice.month,
        pictures={"logo": logo} if logo else {},
        embedded=embedded,
        metadata=metadata,
    )


def invoice_html(
    invoice: InvoiceView, *, has_logo: bool = False, notes: Sequence[str] = (), used: Sequence[Used] = ()
) -> str:
    """Return the page that the PDF is printed from; `used` is its annex."""
    context = {
        "invoice": invoice,
        "widths": column_widths(invoice),
        "has_logo": has_logo,
        "notes": notes,
        "used": used,
    }
    return render_to_string("invoicing/invoice.html", context)
