"""What was ordered beside resources: fees for each cycle, and one-time items."""

from django.db import models
from django.db.models import F, Q

from billing_site.common.base_models import AmountField, QuantityField
from catalogue.models import Account, Product


class Order(models.Model):
    """One row is an order of a recurring or one-time product; `ended_on` is exclusive, empty if it runs."""

    code = models.CharField(max_length=100)
    account = models.ForeignKey(Account, models.PROTECT, related_name="orders")
    product = models.ForeignKey(Product, models.PROTECT, related_name="orders")
    quantity = QuantityField(default=1)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    charged_from = models.DateField(
        null=True, blank=True, help_text="Days before it were billed elsewhere; empty: none were."
    )
    unit_price = AmountField(null=True, blank=True, help_text="Agreed: it beats every price.")

    class Meta:
        ordering = ["account", "code"]
        constraints = [
            models.UniqueConstraint(fields=["account", "code"], name="order_code_once_an_account"),
            models.CheckConstraint(
                name="order_ends_after_it_starts",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
            ),
            models.CheckConstraint(
                name="order_charged_from_its_start_or_later",
                condition=Q(charged_from=None) | Q(charged_from__gte=F("started_on")),
            ),
            models.CheckConstraint(name="order_quantity_above_zero", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return self.code
