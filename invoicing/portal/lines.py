"""Why a line of an invoice is what it is, on a page of its own."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from invoicing.portal.signing_in import SignedInRequest
from invoicing.selectors.invoice_pages import one_line
from invoicing.selectors.invoice_views import invoice_head, listed_invoices


@require_safe
@never_cache
@login_required
def line(request: SignedInRequest, invoice_id: UUID, position: int) -> HttpResponse:
    """One line of an invoice that the person may see."""
    listed = get_object_or_404(listed_invoices(request.user), pk=invoice_id)
    found = one_line(invoice_id, position)
    if found is None:
        raise Http404
    return render(request, "portal/line.html", {"invoice": invoice_head(listed), "line": found})
