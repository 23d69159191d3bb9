"""What is taken off."""

from django.db import models
from django.db.models import Q

from billing_site.common.base_models import AmountField
from catalogue.models.accounts import Account
from catalogue.models.companies import Company
from catalogue.models.currencies import Currency
from catalogue.models.products import Product


class Promotion(models.Model):
    """One row takes a percent or an amount off the lines of its products, in its order among a company's."""

    code = models.SlugField(max_length=40)
    company = models.ForeignKey(Company, models.PROTECT, related_name="promotions")
    position = models.PositiveIntegerField(default=0, help_text="Several promotions count in this order.")
    percent = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    amount = AmountField(null=True, blank=True)
    currency = models.ForeignKey(
        Currency, models.PROTECT, null=True, blank=True, related_name="+", db_column="currency"
    )
    products = models.ManyToManyField(Product, blank=True, help_text="Empty: all.")
    accounts = models.ManyToManyField(Account, blank=True, related_name="promotions")
    valid_from = models.DateField(help_text="First day of the first billing period it counts in, or before.")
    valid_to = models.DateField(null=True, blank=True, help_text="Exclusive.")
    max_redemptions = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["company", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="promotion_code_once_a_company"),
            models.CheckConstraint(
                name="promotion_percent_or_amount",
                condition=Q(percent__isnull=False, amount=None, currency=None)
                | Q(percent=None, amount__isnull=False, currency__isnull=False),
            ),
            models.CheckConstraint(
                name="promotion_takes_off",
                condition=Q(percent__gt=0, percent__lte=100) | Q(amount__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.code
