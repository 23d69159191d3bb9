"""How values are written."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

_MONTH = "%Y-%m"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,6})?", re.ASCII)
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
    """A number as exact text, without exponent or trailing zeros.

    Taken in as text or a whole number: a JSON fraction is refused, because it is not exact, and so are
    underscores and the digits of other scripts, which Python would read.
    """

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, str | int):
            raise serializers.ValidationError('Write the number as text, so that it stays exact: "12.50".')
        if isinstance(data, str) and not _NUMBER.fullmatch(data.strip()):
            self.fail("invalid")
        number: Decimal = super().to_internal_value(data)
        return number

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
