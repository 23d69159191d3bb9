"""Files that a customer downloads."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from invoicing.models import Document


def pdf_of(request: HttpRequest, thing: Any, *, page: str) -> HttpResponseBase:
    """The PDF of an invoice or a credit note; while it is not rendered yet, the thing's own page says so."""
    document = thing.documents.filter(kind=Document.Kind.PDF).first()
    if document is None:
        messages.info(request, "The PDF is being made. Please try again in a minute.")
        return redirect(page, thing.pk)
    return FileResponse(document.file.open("rb"), as_attachment=True, filename=f"{thing.number}.pdf")
