"""Write the files of invoices, once each."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction

from billing_site.common.errors import BillingError
from invoicing.domain.invoice_views import InvoiceView
from invoicing.models import Document, Invoice
from invoicing.selectors.invoice_views import invoice_view
from invoicing.services.document_contents import invoice_document

log = structlog.get_logger(__name__)


class InvoiceNotIssued(BillingError):
    """A draft, which may still change, was to be made a document."""

    code = "invoice_not_issued"


class DocumentNotStored(BillingError):
    """The storage did not take a file: its disk is full, or it may not be written to."""

    code = "document_not_stored"


def render_invoice_document(*, invoice_id: UUID) -> Document:
    """Render the PDF of an issued invoice, put it into the storage and record its checksum.

    Idempotent by invoice and kind: a document that stands is returned as it is. Killed between file and row,
    the next call takes over or replaces the file, which nobody has seen. Raises InvoiceNotFound,
    InvoiceNotIssued and DocumentNotStored, after which nothing of it stands.
    """
    known = _document(invoice_id)
    if known is not None:
        return known
    view = invoice_view(invoice_id)
    if view.number is None:
        raise InvoiceNotIssued(
            f"The invoice of {view.buyer.code} for {view.month:%Y-%m} is a draft; issue it before its PDF."
        )
    content = invoice_document(view)
    with transaction.atomic():
        # Two workers with the same invoice: the second waits here and then finds the first one's row.
        Invoice.objects.select_for_update(no_key=True).only("pk").get(pk=invoice_id)
        return _document(invoice_id) or _write(view, content)


def _document(invoice_id: UUID) -> Document | None:
    return Document.objects.filter(invoice=invoice_id, kind=Document.Kind.PDF).first()


def _write(view: InvoiceView, content: bytes) -> Document:
    document = Document(
        invoice_id=view.id,
        kind=Document.Kind.PDF,
        sha256=sha256(content).hexdigest(),
        size=len(content),
    )
    year = view.issued_on.year if view.issued_on else view.month.year
    name = document.file.field.generate_filename(document, f"{view.seller.code}/{year}/{view.number}.pdf")
    document.file.name = _store(document.file.storage, name, content)
    document.save(force_insert=True)
    log.info("document_written", invoice=view.number, file=document.file.name, bytes=document.size)
    return document


def _store(storage: Storage, name: str, content: bytes) -> str:
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
