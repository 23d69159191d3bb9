"""What the independent rater makes of a month."""

from django.db import models

from billing_site.common.base_models import AmountField, QuantityField


class SecondaryCharge(models.Model):
    """One row is a charge of a company's month as the independent rater has it; the next rating replaces it.

    The key is that of the primary charge, with the resource by its name; empty: none. A bulk table: no
    foreign keys.
    """

    company_id = models.BigIntegerField(help_text="The sales office.")
    month = models.DateField(help_text="In which it was used.")
    side = models.CharField(max_length=4)
    account_id = models.BigIntegerField()
    resource = models.CharField(max_length=200, blank=True)
    product_id = models.BigIntegerField()
    item_quantity = QuantityField(null=True)
    price_id = models.BigIntegerField(null=True, help_text="Empty: agreed on the order, or no price.")
    order_id = models.BigIntegerField(null=True)
    cycle_start = models.DateField(null=True)
    quantity = QuantityField(help_text="To 12 decimals, half up.")
    charge_amount = AmountField(help_text="Rounded once, half up.")
    true_up_amount = AmountField()

    class Meta:
        indexes = [models.Index(fields=["company_id", "month"], name="secondary_charge_by_month")]

    def __str__(self) -> str:
        return f"{self.side} {self.charge_amount}"
