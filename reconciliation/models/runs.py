"""Whether the numbers agreed."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from billing_site.common.base_models import AmountField
from catalogue.models import Company


class ReconciliationRun(models.Model):
    """One row is a comparison of two systems for a company's month at one level."""

    class Level(models.TextChoices):
        RECEIVED_TO_RATED = "received_to_rated", "received -> rated"
        RATED_TO_INVOICED = "rated_to_invoiced", "rated -> invoiced"
        STREAM_TO_BILLING = "stream_to_billing", "order stream -> billing"
        PRIMARY_TO_SECONDARY = "primary_to_secondary", "primary -> secondary rating"
        BILLING_TO_FINANCE = "billing_to_finance", "billing -> finance"

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    month = models.DateField()
    level = models.CharField(max_length=30, choices=Level)
    compared = models.PositiveIntegerField(help_text="How many keys were set against each other.")
    reconciled_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="reconciliation_month_is_first", condition=Q(month__day=1))
        ]

    def __str__(self) -> str:
        return f"{self.company.code} {self.month:%Y-%m} {self.level}"


class RunTotal(models.Model):
    """One row is what a run compared in one currency, or in one unit of quantity: both sides, added up."""

    run = models.ForeignKey(ReconciliationRun, models.CASCADE, related_name="totals")
    unit = models.CharField(max_length=60, help_text="A currency, or a unit of quantity.")
    compared = models.PositiveIntegerField()
    differing = models.PositiveIntegerField()
    first = AmountField()
    second = AmountField()

    class Meta:
        ordering = ["run", "unit"]
        constraints = [models.UniqueConstraint(fields=["run", "unit"], name="run_total_once_a_unit")]

    def __str__(self) -> str:
        return f"{self.first} / {self.second} {self.unit}"

    @property
    def difference(self) -> Decimal:
        """First minus second; keys that differ both ways may make it 0."""
        return self.first - self.second


class Discrepancy(models.Model):
    """One row is a key on which the two systems of a run do not agree: first minus second."""

    class Kind(models.TextChoices):
        MISSING = "missing", "only in the first"
        EXTRA = "extra", "only in the second"
        MISMATCH = "mismatch", "in both, not equal"

    run = models.ForeignKey(ReconciliationRun, models.CASCADE, related_name="discrepancies")
    kind = models.CharField(max_length=10, choices=Kind)
    account = models.CharField(max_length=60, blank=True)
    sku = models.CharField(max_length=120, blank=True)
    resource = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=450, help_text="What was compared: an event's id, a charge's.")
    first = AmountField(null=True, help_text="As the first system has it; empty: it has none.")
    second = AmountField(null=True, help_text="As the second system has it; empty: it has none.")
    difference = AmountField()

    class Meta:
        ordering = ["run", "key"]
        verbose_name_plural = "discrepancies"
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="discrepancy_once_a_run")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.difference}"
