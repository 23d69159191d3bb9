"""What the order stream says that it sent, to set beside what was received."""

from django.db import models
from django.db.models import Q

from billing_site.common.base_models import QuantityField
from catalogue.models import Account, Company, Product


class ControlDay(models.Model):
    """One row is a day of UTC of which a source told all that it sent, line by line or in totals.

    Sent again, a day is replaced as a whole. A day without a row is not compared; one with no lines says that
    the source sent nothing.
    """

    class Kind(models.TextChoices):
        LINES = "lines", "a line an event"
        TOTALS = "totals", "totals by account and product"

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", help_text="Whose stream it is.")
    source = models.CharField(max_length=200)
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    line_count = models.PositiveIntegerField()
    quantity = QuantityField(help_text="Of all lines, whatever their units: for a look, nothing reads it.")
    received_at = models.DateTimeField(help_text="When it was sent last with other content.")

    class Meta:
        ordering = ["-day", "source"]
        constraints = [
            models.UniqueConstraint(fields=["company", "source", "day", "kind"], name="control_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.day}"


class ControlLine(models.Model):
    """One row is an event that the stream says it sent, by its id. A bulk table: no foreign keys."""

    company_id = models.BigIntegerField(help_text="Whose stream it is.")
    source = models.CharField(max_length=200)
    event_id = models.CharField(max_length=200)
    day = models.DateField(help_text="Of UTC, in which the hour begins.")
    resource = models.CharField(max_length=200, blank=True)
    hour = models.DateTimeField(help_text="The first instant of the hour in which it happened.")
    quantity = QuantityField(help_text="As sent; 0 where the event measures nothing.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company_id", "source", "event_id"], name="control_line_once"),
            models.CheckConstraint(name="control_line_not_negative", condition=Q(quantity__gte=0)),
        ]
        indexes = [models.Index(fields=["company_id", "day"], name="control_line_by_day")]

    def __str__(self) -> str:
        return f"{self.source} {self.event_id}"


class ControlTotal(models.Model):
    """One row is what the stream says it sent for an account, a product and a day of UTC."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", help_text="Whose stream it is.")
    source = models.CharField(max_length=200)
    day = models.DateField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    quantity = QuantityField(help_text="In the product's unit.")

    class Meta:
        ordering = ["-day", "source", "account", "product"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "day", "source", "account", "product"], name="control_total_once"
            ),
            models.CheckConstraint(name="control_total_not_negative", condition=Q(quantity__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.day} {self.account_id} {self.product_id}"
