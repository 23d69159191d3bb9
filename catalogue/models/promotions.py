"""What is taken off."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from billing_site.common.base_models import AmountField
from catalogue.models.accounts import Account
from catalogue.models.companies import Company
from catalogue.models.currencies import Currency
from catalogue.models.products import Product


class Promotion(models.Model):
    """One row takes a percent or an amount off the lines of its products, in its order among a company's.

    It counts from the moment it is saved, for the accounts that hold it: an operator gave it to them, or they
    entered its code, which only a coupon allows. Each invoice that it takes something off is one redemption.
    """

    code = models.SlugField(max_length=40)
    company = models.ForeignKey(Company, models.PROTECT, related_name="promotions")
    position = models.PositiveIntegerField(default=0, help_text="Several promotions count in this order.")
    percent = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    amount = AmountField(null=True, blank=True)
    currency = models.ForeignKey(
        Currency, models.PROTECT, null=True, blank=True, related_name="+", db_column="currency"
    )
    products = models.ManyToManyField(
        Product, blank=True, help_text="What it takes off, beside the families; without either: all."
    )
    families = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        help_text="Families of products, separated by commas.",
    )
    accounts = models.ManyToManyField(Account, blank=True, related_name="promotions")
    is_coupon = models.BooleanField(
        "coupon", default=False, help_text="Customers take it by entering its code."
    )
    valid_from = models.DateField(help_text="First day of the first billing period it counts in, or before.")
    valid_to = models.DateField(null=True, blank=True, help_text="Exclusive.")
    max_redemptions = models.PositiveIntegerField(
        null=True, blank=True, help_text="Of how many invoices it may take something off; empty: of any."
    )
    redemptions = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["company", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="promotion_code_once_a_company"),
            models.CheckConstraint(
                name="promotion_percent_or_amount",
                condition=Q(percent__isnull=False, amount=None, currency=None)
                | Q(percent=None, amount__isnull=False, currency__isnull=False),
                violation_error_message="Enter either a percent, or an amount and its currency.",
            ),
            models.CheckConstraint(
                name="promotion_takes_off",
                condition=(Q(percent=None) | Q(percent__gt=0, percent__lte=100))
                & (Q(amount=None) | Q(amount__gt=0)),
                violation_error_message="A percent lies above 0 and up to 100, an amount above 0.",
            ),
            models.CheckConstraint(
                name="promotion_ends_after_it_starts",
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                violation_error_message="It must end after it starts.",
            ),
            models.CheckConstraint(
                name="promotion_redeemed_at_most_so_often",
                condition=Q(max_redemptions=None) | Q(redemptions__lte=F("max_redemptions")),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        # The console's form has no field for `redemptions`, and so does not look at the constraint.
        if self.max_redemptions is not None and self.max_redemptions < self.redemptions:
            raise ValidationError({"max_redemptions": f"It was redeemed {self.redemptions} times already."})
