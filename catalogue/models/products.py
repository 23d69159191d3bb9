"""What is sold."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


def active_only() -> list[str]:
    return ["active"]


class Product(models.Model):
    """One row is a product (SKU): how its quantity comes about, in which unit, in which tax category."""

    class Kind(models.TextChoices):
        TIME = "time", "time a resource lives"
        USAGE = "usage", "usage records"
        RECURRING = "recurring", "fee for each cycle of an order"
        ONE_TIME = "one_time", "once, when ordered"

    class Aggregation(models.TextChoices):
        SUM = "sum", "sum"
        MAX = "max", "highest"
        LAST = "last", "last"
        UNIQUE = "unique", "different values"

    class Cycle(models.TextChoices):
        MONTHLY = "monthly", "calendar month"
        ANNUAL = "annual", "year from its start"

    class Proration(models.TextChoices):
        DAY = "day", "by day"
        NONE = "none", "whole fee for every cycle begun"

    class TimeRounding(models.TextChoices):
        EXACT = "exact", "exact seconds"
        STARTED_MINUTE = "started_minute", "started minutes of each stretch"
        STARTED_HOUR = "started_hour", "started hours of each stretch"
        CLOCK_HOUR = "clock_hour", "hours of the local clock that are touched"

    class TaxCategory(models.TextChoices):
        STANDARD = "standard", "standard"
        REDUCED = "reduced", "reduced"
        ZERO = "zero", "zero rate"
        EXEMPT = "exempt", "exempt"
        REVERSE_CHARGE = "reverse_charge", "reverse charge"
        EXPORT = "export", "export"

    sku = models.CharField("SKU", max_length=120, unique=True)
    name = models.CharField(max_length=250, blank=True)
    family = models.CharField(max_length=120, blank=True, help_text="Groups the lines of an invoice.")
    category = models.CharField(max_length=120, blank=True)
    provider = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    aggregation = models.CharField(max_length=10, choices=Aggregation, default=Aggregation.SUM)
    cycle = models.CharField(max_length=10, choices=Cycle, blank=True)
    in_advance = models.BooleanField(default=False)
    proration = models.CharField(max_length=10, choices=Proration, default=Proration.DAY)
    billed_states = ArrayField(models.CharField(max_length=10), default=active_only)
    time_rounding = models.CharField(max_length=20, choices=TimeRounding, default=TimeRounding.EXACT)
    tax_category = models.CharField(max_length=20, choices=TaxCategory, default=TaxCategory.STANDARD)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Not sold from this instant on.")

    class Meta:
        ordering = ["sku"]
        constraints = [
            models.CheckConstraint(
                name="product_recurring_has_cycle",
                condition=Q(kind="recurring", cycle__in=["monthly", "annual"])
                | (~Q(kind="recurring") & Q(cycle="")),
            ),
            models.CheckConstraint(
                name="product_billed_states_known",
                condition=Q(billed_states__contained_by=["active", "suspended", "stopped"]),
            ),
        ]

    def __str__(self) -> str:
        return self.sku


class UnitFactor(models.Model):
    """One row says how a usage record's unit becomes the product's: quantity x numerator / denominator.

    Exact and rational: a second is 1/3600 of an hour. Records keep the quantity as sent.
    """

    product = models.ForeignKey(Product, models.CASCADE, related_name="unit_factors")
    unit = models.CharField(max_length=60)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(default=1)

    class Meta:
        ordering = ["product", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["product", "unit"], name="unit_factor_once_a_product"),
            models.CheckConstraint(
                name="unit_factor_positive", condition=Q(numerator__gt=0, denominator__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.unit} = {self.numerator}/{self.denominator} {self.product.unit}"
