"""Read the files made of invoices, credit notes and inter-company documents."""

from itertools import islice
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from invoicing.models import CreditNote, Document, InterCompanyDocument, Invoice

# What is waited for comes first.
_OWNERS: tuple[tuple[str, QuerySet[Invoice] | QuerySet[CreditNote] | QuerySet[InterCompanyDocument]], ...] = (
    ("invoice", Invoice.objects.filter(state=Invoice.State.ISSUED)),
    ("credit_note", CreditNote.objects.all()),
    ("intercompany_document", InterCompanyDocument.objects.all()),
)


def without_document(*, kind: str = Document.Kind.PDF, limit: int) -> list[tuple[str, UUID]]:
    """Return what is issued and has no document of a kind: the field of Document that names it, and its id.

    Invoices, then credit notes, then inter-company documents, the oldest issue first; at most three queries.
    """
    found = (
        (owner, key)
        for owner, issued in _OWNERS
        for key in issued.filter(~Exists(Document.objects.filter(**{owner: OuterRef("pk")}, kind=kind)))
        .order_by("issued_on", "number")
        .values_list("pk", flat=True)[:limit]
    )
    return list(islice(found, limit))
