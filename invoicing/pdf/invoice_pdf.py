"""An invoice as a PDF."""

from django.template.loader import render_to_string

from invoicing.domain.invoice_views import InvoiceView
from invoicing.pdf.columns import column_widths


def invoice_pdf(invoice: InvoiceView) -> bytes:
    """Return the invoice as PDF/A-3b, tagged; the same invoice gives the same bytes."""
    # WeasyPrint loads Pango, which a process that renders nothing does not need.
    from invoicing.pdf.engine import write_pdf

    return write_pdf(invoice_html(invoice), "invoice.css")


def invoice_html(invoice: InvoiceView) -> str:
    """Return the page that the PDF is printed from."""
    return render_to_string("invoicing/invoice.html", {"invoice": invoice, "widths": column_widths(invoice)})
