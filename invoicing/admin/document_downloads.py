"""The console's download of a PDF."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from unfold.decorators import action

from billing_site.common.admin import ConsoleAdmin
from invoicing.models import Document


class PdfPages(ConsoleAdmin):
    """The page of something that has documents, with a button to download its PDF."""

    @action(description="PDF", permissions=["view"], icon="picture_as_pdf")
    def pdf(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        thing: Any = self.get_object(request, object_id)
        if thing is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        document = thing.documents.filter(kind=Document.Kind.PDF).first()
        if document is None:
            messages.info(request, f"The PDF of {thing} is not rendered yet; try again in a minute.")
            return redirect(
                reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[thing.pk])
            )
        return FileResponse(document.file.open("rb"), filename=f"{thing}.pdf", content_type="application/pdf")
