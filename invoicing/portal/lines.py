"""Why a line of an invoice is what it is, on a page of its own."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing_site.common.clock import now
from invoicing.portal.signing_in import SignedInRequest
from invoicing.selectors.invoice_pages import one_line
from invoicing.selectors.invoice_views import invoice_head, listed_invoices
from metering.selectors.explained_sources import InvalidCursor
from metering.selectors.explanations import ChargeNotFound, Explanation, explain_charge


@require_safe
@never_cache
@login_required
def line(request: SignedInRequest, invoice_id: UUID, position: int) -> HttpResponse:
    """One line of an invoice that the person may see: its steps, and what was used, page by page."""
    listed = get_object_or_404(listed_invoices(request.user), pk=invoice_id)
    found = one_line(invoice_id, position)
    if found is None:
        raise Http404
    shown, charge_id = found
    explanation = _explained(request, charge_id) if charge_id is not None else None
    context = {"invoice": invoice_head(listed), "line": shown, "explanation": explanation}
    return render(request, "portal/line.html", context)


def _explained(request: SignedInRequest, charge_id: int) -> Explanation | None:
    """Return what metering knows of a charge; where it knows none, the line says all that there is."""
    after = request.GET.get("after", "").replace("\0", "")
    try:
        return explain_charge(charge_id=charge_id, caller=request.user, as_of=now(), after=after)
    except ChargeNotFound:
        return None
    except InvalidCursor as error:
        raise Http404 from error
