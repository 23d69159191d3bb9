"""Whether the numbers agreed."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from billing_site.common.base_models import AmountField, QuantityField
from catalogue.models import Company


class ReconciliationRun(models.Model):
    """One row is a comparison of two systems at one level, for a company's month or for days of it."""

    class Level(models.TextChoices):
        """What is compared is told, level by level, in domain/levels.py."""

        STREAM_TO_RECEIVED = "stream_to_received", "order stream -> received"
        RECEIVED_TO_RATED = "received_to_rated", "received -> rated"
        RATED_TO_INVOICED = "rated_to_invoiced", "rated -> invoiced"
        STREAM_TO_BILLING = "stream_to_billing", "order stream -> billing"
        PRIMARY_TO_SECONDARY = "primary_to_secondary", "primary -> secondary rating"
        BILLING_TO_FINANCE = "billing_to_finance", "billing -> finance"
        INVOICES_TO_OTHER = "invoices_to_other", "invoices -> other billing system"
        STREAM_TO_FINANCE = "stream_to_finance", "order stream -> finance"

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    month = models.DateField()
    starts_on = models.DateField(help_text="The first day that was compared.")
    ends_on = models.DateField(help_text="The day after the last one.")
    level = models.CharField(max_length=30, choices=Level)
    tolerance = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text="By how many of the currency's smallest units an amount may differ. Quantities may not.",
    )
    compared = models.PositiveIntegerField(help_text="How many keys were set against each other.")
    reconciled_at = models.DateTimeField()
    request = models.ForeignKey(
        "reconciliation.ReconciliationRequest",
        models.PROTECT,
        null=True,
        related_name="runs",
        help_text="Who asked for it.",
    )
    scheduled_on = models.DateField(
        null=True, help_text="The day (UTC) whose schedule asked for it; empty: a person or a program did."
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="reconciliation_month_is_first", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="reconciliation_ends_after_start", condition=Q(ends_on__gt=F("starts_on"))
            ),
            models.UniqueConstraint(
                fields=["company", "level", "starts_on", "ends_on", "scheduled_on"],
                name="reconciliation_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company.code} {self.month:%Y-%m} {self.level}"

    @property
    def tells_all(self) -> bool:
        """Whether it compared all of its month: to its end, or as far as the schedule goes by now."""
        return self.starts_on == self.month and (self.ends_on.day == 1 or self.scheduled_on is not None)


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
    difference = AmountField(help_text="First minus second, of what the level measures.")
    day = models.DateField(null=True, help_text="Of UTC, where the level compares by day.")
    currency = models.CharField(max_length=3, blank=True, db_default="", help_text="The account's.")
    quantity_difference = QuantityField(null=True, help_text="Where both sides have a quantity.")
    amount_difference = AmountField(null=True, help_text="Where both sides have an amount.")
    note = models.CharField(
        max_length=500, blank=True, db_default="", help_text="What differs beside the measure."
    )

    class Meta:
        ordering = ["run", "key"]
        verbose_name_plural = "discrepancies"
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="discrepancy_once_a_run")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.difference}"
