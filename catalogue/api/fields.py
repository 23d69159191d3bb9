"""How exact numbers are read and written."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from billing_site.common.errors import BillingError
from catalogue.domain.money import DECIMALS, parse_decimal
from catalogue.domain.rounding import show


@extend_schema_field({"type": "string", "format": "decimal", "example": "730.5"})
class ExactNumber(serializers.Field[Any, Any, Any, Any]):
    """A number. In: from 0, as text or a whole number; a JSON fraction is refused, because it is not exact.

    Out: text with at most 12 decimals, half up, without exponent or trailing zeros.
    """

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, str | int):
            raise serializers.ValidationError('Write the number as text, so that it stays exact: "730.5".')
        try:
            number = parse_decimal(str(data))
        except BillingError as refusal:
            raise serializers.ValidationError(refusal.sentence) from refusal
        if number < 0:
            raise serializers.ValidationError(f"{number:f} is below 0.")
        return number

    def to_representation(self, value: Fraction | Decimal) -> str:
        return show(value, DECIMALS)
