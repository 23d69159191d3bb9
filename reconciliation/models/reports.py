"""The reports that were made in the mornings, each kept as it was."""

import pgtrigger
from django.db import models

from billing_site.common.base_models import AmountField
from catalogue.models import Company


class ReconciliationReport(models.Model):
    """One row is a company's report of a day, with its file and checksum; it is written once."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    reported_on = models.DateField(help_text="The day (UTC) that it is about.")
    made_at = models.DateTimeField()
    compared = models.PositiveIntegerField(help_text="How many keys were set against each other.")
    differing = models.PositiveIntegerField(help_text="How many of them differ.")
    open_findings = models.PositiveIntegerField()
    money_at_risk = AmountField(help_text="Of the open findings, as far as it is known.")
    currency = models.CharField(max_length=3)
    file = models.FileField(upload_to="reconciliation/", max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="Bytes.")

    class Meta:
        ordering = ["-reported_on", "company"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "reported_on"], name="reconciliation_report_once_a_day"
            )
        ]
        triggers = [pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.company.code} {self.reported_on}"
