"""Files made of invoices, credit notes and inter-company documents, written once."""

import pgtrigger
from django.db import models
from django.db.models import Q

from invoicing.models.credit_notes import CreditNote
from invoicing.models.intercompany import InterCompanyDocument
from invoicing.models.invoices import Invoice

# What a file is made of, by the field that names it, and the folder that the files lie in.
FOLDERS = {"invoice": "invoices", "credit_note": "credit-notes", "intercompany_document": "inter-company"}


def _path(document: "Document", name: str) -> str:
    return f"{FOLDERS[document.owner]}/{name}"


class Document(models.Model):
    """One row is a rendered file of one thing that was issued, with its checksum; it is written once."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"

    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="documents")
    credit_note = models.ForeignKey(CreditNote, models.PROTECT, null=True, related_name="documents")
    intercompany_document = models.ForeignKey(
        InterCompanyDocument, models.PROTECT, null=True, related_name="documents"
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PDF)
    file = models.FileField(upload_to=_path, max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="Bytes.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "kind"], name="document_once"),
            models.UniqueConstraint(fields=["credit_note", "kind"], name="document_of_credit_note_once"),
            models.UniqueConstraint(
                fields=["intercompany_document", "kind"], name="document_intercompany_once"
            ),
            models.CheckConstraint(
                name="document_of_one_thing",
                condition=Q(invoice__isnull=False, credit_note=None, intercompany_document=None)
                | Q(invoice=None, credit_note__isnull=False, intercompany_document=None)
                | Q(invoice=None, credit_note=None, intercompany_document__isnull=False),
            ),
        ]
        triggers = [pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.file.name or ""

    @property
    def owner(self) -> str:
        """The field that names what it is a file of."""
        return next(field for field in FOLDERS if getattr(self, f"{field}_id") is not None)

    @property
    def thing(self) -> Invoice | CreditNote | InterCompanyDocument:
        """What it is a file of."""
        found: Invoice | CreditNote | InterCompanyDocument = getattr(self, self.owner)
        return found
