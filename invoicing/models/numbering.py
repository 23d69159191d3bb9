"""Invoice numbers without gaps."""

from django.db import models

from catalogue.models import Company


class NumberSeries(models.Model):
    """One row is the last number given in a company's series of a kind and year; locked while giving."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", "invoices"
        CREDIT_NOTE = "credit_note", "credit notes"
        INTERCOMPANY = "intercompany", "inter-company documents"

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=15, choices=Kind)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"
        constraints = [
            models.UniqueConstraint(fields=["company", "kind", "year"], name="number_series_once"),
        ]

    def __str__(self) -> str:
        return f"{self.company.number_prefix} {self.kind} {self.year}: {self.last_number}"
