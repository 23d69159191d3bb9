"""The pages of a customer's invoices. An invoice out of reach is answered as one that does not exist."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from invoicing.pdf.line_file import line_rows
from invoicing.portal.downloads import pdf_of
from invoicing.portal.signing_in import SignedInRequest
from invoicing.selectors.balances import open_amount, with_amounts
from invoicing.selectors.invoice_pages import family_totals, line_page
from invoicing.selectors.invoice_views import invoice_head, line_views, listed_invoices

_INVOICES_A_PAGE = 50
_LONGEST_SEARCH = 200


@require_safe
@never_cache
@login_required
def home(request: SignedInRequest) -> HttpResponse:
    """The invoices that the person may see, latest month first, with what is open of each."""
    pages = Paginator(with_amounts(listed_invoices(request.user)), _INVOICES_A_PAGE)
    return render(request, "portal/home.html", {"page": pages.get_page(request.GET.get("page"))})


@require_safe
@never_cache
@login_required
def invoice(request: SignedInRequest, invoice_id: UUID) -> HttpResponse:
    """One invoice: what it comes to, and its lines page by page, grouped as in its PDF."""
    listed = get_object_or_404(listed_invoices(request.user), pk=invoice_id)
    search = request.GET.get("q", "").strip().replace("\0", "")[:_LONGEST_SEARCH]
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 10 else 1
    shown = {
        "invoice": invoice_head(listed),
        "listed": listed,
        "open_amount": open_amount(listed),
        "totals": family_totals(invoice_id),
        "page": line_page(invoice_id, number=number, search=search),
        "search": search,
    }
    return render(request, "portal/invoice.html", shown)


@require_safe
@never_cache
@login_required
def invoice_pdf(request: SignedInRequest, invoice_id: UUID) -> HttpResponseBase:
    """The PDF as a download."""
    listed = get_object_or_404(listed_invoices(request.user), pk=invoice_id)
    return pdf_of(request, listed, page="portal:invoice")


@require_safe
@never_cache
@login_required
def invoice_csv(request: SignedInRequest, invoice_id: UUID) -> HttpResponseBase:
    """Every line as a download, written while it is read: it may be long."""
    listed = get_object_or_404(listed_invoices(request.user), pk=invoice_id)
    rows = line_rows(line_views(invoice_id), invoice_head(listed))
    return StreamingHttpResponse(
        rows,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{listed.number}.csv"'},
    )
