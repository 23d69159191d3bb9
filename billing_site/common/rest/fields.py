"""How values are written."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

_MONTH = "%Y-%m"
_FIRST_YEAR, _LAST_YEAR = 1970, 2199


def exact_text(number: Decimal) -> str:
    """Return a number as exact text, without exponent or trailing zeros.

    >>> exact_text(Decimal("1.500"))
    '1.5'
    """
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@extend_schema_field({"type": "string", "pattern": r"^\d{4}-\d{2}$", "example": "2026-09"})
class MonthField(serializers.DateField):
    """A month, written 2026-09."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format=_MONTH, input_formats=[_MONTH], **options)

    def to_internal_value(self, value: Any) -> date:
        month: date = super().to_internal_value(value)
        if not _FIRST_YEAR <= month.year <= _LAST_YEAR:
            raise serializers.ValidationError(
                f"{month:%Y-%m} is not a month of the years {_FIRST_YEAR} to {_LAST_YEAR}."
            )
        return month


class ExactField(serializers.DecimalField):
    """A number as exact text, without exponent or trailing zeros."""

    def to_representation(self, value: Decimal) -> str:
        return exact_text(value)


class CodeField(serializers.SlugRelatedField):
    """The code of a thing that another names."""

    def __init__(self, **options: Any) -> None:
        super().__init__("code", read_only=True, **options)


class RowSerializer(serializers.ModelSerializer):
    """A model's fields, numbers exact."""

    serializer_field_mapping: ClassVar = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DecimalField: ExactField,
    }
