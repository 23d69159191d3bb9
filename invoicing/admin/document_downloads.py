"""The console's download of a PDF."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from unfold.decorators import action

from billing_site.common.admin import ConsoleAdmin
from invoicing.domain.invoice_views import DocumentKind
from invoicing.models import Document, Invoice
from invoicing.selectors.invoice_views import invoice_view
from invoicing.services.document_contents import invoice_document


class PdfPages(ConsoleAdmin):
    """The page of something that has documents, with a button to download its PDF."""

    @action(description="PDF", permissions=["view"], icon="picture_as_pdf")
    def pdf(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        thing: Any = self.get_object(request, object_id)
        if thing is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if getattr(thing, "state", None) == Invoice.State.DRAFT:
            return _preview(thing)
        document = thing.documents.filter(kind=Document.Kind.PDF).first()
        if document is None:
            messages.info(request, f"The PDF of {thing} is not rendered yet; try again in a minute.")
            return redirect(
                reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[thing.pk])
            )
        return FileResponse(document.file.open("rb"), filename=f"{thing}.pdf", content_type="application/pdf")


def _preview(draft: Invoice) -> HttpResponse:
    """A draft as its invoice would look, marked so on each page; it is not kept."""
    view = replace(invoice_view(draft.pk), kind=DocumentKind.PREVIEW)
    name = f"preview-{draft.account.code}-{draft.month:%Y-%m}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(invoice_document(view), content_type="application/pdf", headers=headers)
