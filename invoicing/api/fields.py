"""Amounts as they come in: exact, so text or a whole number."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from billing_site.common.base_models import AMOUNT_DIGITS, AMOUNT_PLACES
from billing_site.common.rest.fields import ExactField


class AmountField(ExactField):
    """A money amount; a JSON fraction is refused, because it is not exact."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=AMOUNT_DIGITS, decimal_places=AMOUNT_PLACES, **options)

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, str | int):
            raise serializers.ValidationError('Write the amount as text, so that it stays exact: "12.50".')
        return super().to_internal_value(data)
