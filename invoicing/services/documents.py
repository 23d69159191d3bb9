"""Write the files of invoices, credit notes and inter-company documents, once each."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction

from billing_site.common.errors import BillingError
from invoicing.domain.invoice_views import InvoiceView
from invoicing.models import CreditNote, Document, InterCompanyDocument, Invoice
from invoicing.selectors.credit_note_views import credit_note_view
from invoicing.selectors.intercompany_views import intercompany_view
from invoicing.selectors.invoice_views import invoice_view
from invoicing.services.document_contents import invoice_document

_OWNERS: dict[
    str, tuple[type[Invoice | CreditNote | InterCompanyDocument], Callable[[UUID], InvoiceView]]
] = {
    "invoice": (Invoice, invoice_view),
    "credit_note": (CreditNote, credit_note_view),
    "intercompany_document": (InterCompanyDocument, intercompany_view),
}
log = structlog.get_logger(__name__)


class InvoiceNotIssued(BillingError):
    """A draft, which may still change, was to be made a document."""

    code = "invoice_not_issued"


class DocumentNotStored(BillingError):
    """The storage did not take a file: its disk is full, or it may not be written to."""

    code = "document_not_stored"


def render_document(*, owner: str, key: UUID) -> Document:
    """Render the PDF of what is issued, put it into the storage and record its checksum.

    owner: the field of Document that names it (invoice, credit_note, intercompany_document); key: its id.
    Idempotent by both and the kind: a document that stands is returned as it is. Killed between file and row,
    the next call takes over or replaces the file, which nobody has seen. Raises what the view of the thing
    raises where there is none, InvoiceNotIssued and DocumentNotStored, after which nothing of it stands.
    """
    known = _document(owner, key)
    if known is not None:
        return known
    model, read = _OWNERS[owner]
    view = read(key)
    if view.number is None:
        raise InvoiceNotIssued(
            f"The invoice of {view.buyer.code} for {view.month:%Y-%m} is a draft; issue it before its PDF."
        )
    content = invoice_document(view)
    with transaction.atomic():
        # Two workers with the same thing: the second waits here and then finds the first one's row.
        model._default_manager.select_for_update(no_key=True).only("pk").get(pk=key)
        return _document(owner, key) or _write(owner, view, content)


def _document(owner: str, key: UUID) -> Document | None:
    return Document.objects.filter(**{owner: key}, kind=Document.Kind.PDF).first()


def _write(owner: str, view: InvoiceView, content: bytes) -> Document:
    document = Document(
        **{f"{owner}_id": view.id},
        kind=Document.Kind.PDF,
        sha256=sha256(content).hexdigest(),
        size=len(content),
    )
    year = view.issued_on.year if view.issued_on else view.month.year
    name = document.file.field.generate_filename(document, f"{view.seller.code}/{year}/{view.number}.pdf")
    document.file.name = store_file(document.file.storage, name, content)
    document.save(force_insert=True)
    log.info("document_written", of=owner, number=view.number, file=document.file.name, bytes=document.size)
    return document


def store_file(storage: Storage, name: str, content: bytes) -> str:
    """Put the file under exactly this name; no row names it yet, so what lies there a killed job left."""
    if storage.exists(name):
        storage.delete(name)
    try:
        return storage.save(name, ContentFile(content))
    except OSError as problem:
        storage.delete(name)
        raise DocumentNotStored(
            f"The file {name} could not be written: {problem.strerror}. Free space where the documents "
            "lie, or let this process write there; the schedule then renders it by itself."
        ) from problem
