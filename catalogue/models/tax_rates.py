"""What the state takes."""

from django.db import models
from django.db.models import Q

from catalogue.models.products import Product


class TaxRate(models.Model):
    """One row is the percent of a tax of a country and category from a day on.

    Rates with different names add up; of the same name the last `valid_from` on or before the issue date
    counts. A country or category without a row is taxed at 0.
    """

    country = models.CharField(max_length=2)
    category = models.CharField(
        max_length=20, choices=Product.TaxCategory, default=Product.TaxCategory.STANDARD
    )
    name = models.CharField(max_length=60, blank=True, default="")
    percent = models.DecimalField(max_digits=9, decimal_places=6)
    valid_from = models.DateField()

    class Meta:
        ordering = ["country", "category", "name", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "category", "name", "valid_from"], name="tax_rate_once_a_day"
            ),
            models.CheckConstraint(name="tax_rate_not_negative", condition=Q(percent__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.category} {self.percent.normalize():f} % {self.name}".strip()
