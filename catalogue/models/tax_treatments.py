"""How an account is taxed, where not as its country and products say."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from catalogue.models.accounts import Account
from catalogue.models.products import Product

_Category = Product.TaxCategory


class TaxTreatment(models.Model):
    """One row is how an account is taxed on the documents issued from a day on.

    It takes the place of the standard and reduced categories of products; what no tax is charged on anyway
    stays as it is. Of several that are valid on the day of issue the one with the latest `valid_from` counts.
    """

    class Category(models.TextChoices):
        REVERSE_CHARGE = _Category.REVERSE_CHARGE.value, _Category.REVERSE_CHARGE.label
        EXEMPT = _Category.EXEMPT.value, _Category.EXEMPT.label
        EXPORT = _Category.EXPORT.value, _Category.EXPORT.label
        ZERO = _Category.ZERO.value, _Category.ZERO.label

    account = models.ForeignKey(Account, models.CASCADE, related_name="tax_treatments")
    category = models.CharField(max_length=20, choices=Category)
    reason = models.CharField(
        max_length=250, blank=True, help_text="Printed on the invoice: the paragraph of the law."
    )
    certificate = models.CharField(max_length=100, blank=True, help_text="Its number, printed as well.")
    valid_from = models.DateField(help_text="The first day of issue that it counts on.")
    valid_to = models.DateField(
        null=True, blank=True, help_text="The first day that it no longer counts on; empty: open."
    )

    class Meta:
        ordering = ["account", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["account", "valid_from"], name="tax_treatment_once_a_day"),
            models.CheckConstraint(
                name="tax_treatment_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="tax_treatment_exempt_says_why",
                condition=~Q(category=_Category.EXEMPT.value, reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} from {self.valid_from}"

    def clean(self) -> None:
        """Check that it ends after it begins, says why, and that whoever owes the tax has a number for it."""
        first, end = self.valid_from, self.valid_to
        if isinstance(first, date) and isinstance(end, date) and end <= first:
            raise ValidationError({"valid_to": "It has to end after the day that it is valid from."})
        if self.category == _Category.EXEMPT and not self.reason:
            raise ValidationError({"reason": "An exemption needs its reason: invoices have to print it."})
        if self.category == _Category.REVERSE_CHARGE and not self.account.tax_number:
            raise ValidationError(
                {"category": "With reverse charge the account owes the tax: enter its tax number first."}
            )
