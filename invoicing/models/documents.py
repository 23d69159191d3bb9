"""Files made of invoices, written once."""

import pgtrigger
from django.db import models

from invoicing.models.invoices import Invoice


class Document(models.Model):
    """One row is a rendered file of an invoice with its checksum; it is written once."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PDF)
    file = models.FileField(upload_to="invoices/", max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="Bytes.")

    class Meta:
        ordering = ["invoice", "kind"]
        constraints = [models.UniqueConstraint(fields=["invoice", "kind"], name="document_once")]
        triggers = [pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.file.name or ""
