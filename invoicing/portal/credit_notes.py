"""The pages of a customer's credit notes. One out of reach is answered as one that does not exist."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from invoicing.portal.downloads import pdf_of
from invoicing.portal.signing_in import SignedInRequest
from invoicing.selectors.credit_note_views import credit_note_head, listed_credit_notes

_NOTES_A_PAGE = 50
_LINES_A_PAGE = 200


@require_safe
@never_cache
@login_required
def credit_notes(request: SignedInRequest) -> HttpResponse:
    """The credit notes that the person may see, the latest first."""
    pages = Paginator(listed_credit_notes(request.user), _NOTES_A_PAGE)
    return render(request, "portal/credit_notes.html", {"page": pages.get_page(request.GET.get("page"))})


@require_safe
@never_cache
@login_required
def credit_note(request: SignedInRequest, credit_note_id: UUID) -> HttpResponse:
    """One credit note: what it comes to, and its lines page by page."""
    note = get_object_or_404(listed_credit_notes(request.user), pk=credit_note_id)
    pages = Paginator(note.lines.order_by("position"), _LINES_A_PAGE)
    shown = {
        "note": note,
        "page": pages.get_page(request.GET.get("page")),
        "document": credit_note_head(note),
    }
    return render(request, "portal/credit_note.html", shown)


@require_safe
@never_cache
@login_required
def credit_note_pdf(request: SignedInRequest, credit_note_id: UUID) -> HttpResponseBase:
    """The PDF as a download."""
    note = get_object_or_404(listed_credit_notes(request.user), pk=credit_note_id)
    return pdf_of(request, note, page="portal:credit_note")
