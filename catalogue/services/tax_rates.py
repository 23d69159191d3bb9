"""Enter tax rates."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from catalogue.models import Product, TaxRate


@transaction.atomic
def enter_tax_rate(
    *,
    country: str,
    percent: Decimal,
    valid_from: date,
    category: str = Product.TaxCategory.STANDARD,
    name: str = "",
) -> TaxRate:
    """Enter the percent of a tax from a day on, in place of the one entered for that day before."""
    rate, _ = TaxRate.objects.update_or_create(
        country=country, category=category, name=name, valid_from=valid_from, defaults={"percent": percent}
    )
    return rate
