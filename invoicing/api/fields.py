"""Amounts of money."""

from typing import Any

from billing_site.common.base_models import AMOUNT_DIGITS, AMOUNT_PLACES
from billing_site.common.rest.fields import ExactField


class AmountField(ExactField):
    """A money amount, as long as the database holds it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=AMOUNT_DIGITS, decimal_places=AMOUNT_PLACES, **options)
