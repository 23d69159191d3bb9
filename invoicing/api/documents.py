"""The PDFs of what was issued."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from billing_site.common.rest.requests import NotFound
from billing_site.common.rest.views import VisibleThings
from invoicing.models import Document


class DocumentedThings(VisibleThings):
    """Things known by their number, each with a PDF."""

    lookup_field = "number"
    lookup_value_regex = "[^/]+"

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, filterset_class=None)
    def pdf(self, request: Request, **_number: Any) -> FileResponse:  # noqa: ARG002
        """The document as it was issued."""
        thing = self.get_object()
        document = thing.documents.filter(kind=Document.Kind.PDF).first()
        if document is None:
            raise NotFound(
                f"The PDF of {thing.number} is not rendered yet; ask again in a minute.", "pdf_not_rendered"
            )
        name = f"{thing.number}.pdf"
        response = FileResponse(document.file.open("rb"), filename=name, content_type="application/pdf")
        response["ETag"] = f'"{document.sha256}"'
        return response
