"""Read the files made of invoices."""

from uuid import UUID

from django.db.models import Exists, OuterRef

from invoicing.models import Document, Invoice


def invoices_without_document(*, kind: str = Document.Kind.PDF, limit: int) -> list[UUID]:
    """Return the ids of issued invoices that have no document of a kind, oldest issue first; one query."""
    documents = Document.objects.filter(invoice=OuterRef("pk"), kind=kind)
    waiting = Invoice.objects.filter(~Exists(documents), state=Invoice.State.ISSUED)
    return list(waiting.order_by("issued_on", "number").values_list("pk", flat=True)[:limit])
