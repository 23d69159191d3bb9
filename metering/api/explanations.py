"""Why a charge is what it is, as JSON: numbers as text, and as a fraction beside where that is exact."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from billing_site.common.rest.bodies import Body
from billing_site.common.rest.fields import ExactField, MonthField
from catalogue.domain.rounding import round_to
from metering.selectors.explanations import PAGE_SIZE, Explanation

_DECIMALS = 12
_LARGEST_PAGE = 1000


class ExplanationQuery(Body):
    cursor = serializers.CharField(
        required=False, default="", help_text="`next_cursor` of the page before; default: the first page."
    )
    page_size = serializers.IntegerField(
        required=False,
        default=PAGE_SIZE,
        min_value=1,
        max_value=_LARGEST_PAGE,
        help_text="How many sources at once.",
    )


@extend_schema_field({"type": "string", "format": "decimal"})
class FractionField(serializers.Field[Fraction, str, str, Fraction]):
    """A fraction, at 12 decimals half up."""

    def to_representation(self, value: Fraction) -> str:
        text = format(round_to(value, _DECIMALS), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text


@extend_schema_field({"type": "string", "pattern": r"^-?\d+(/\d+)?$"})
class ExactFractionField(serializers.Field[Fraction, str, str, Fraction]):
    """A fraction in full: 1039/3."""

    def to_representation(self, value: Fraction) -> str:
        return str(value)


def _number(**options: Any) -> FractionField:
    return FractionField(read_only=True, **options)


class StepSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    quantity = _number()
    unit_price = _number()
    amount = _number()
    exact_amount = ExactFractionField(source="amount")


class PricedSerializer(serializers.Serializer[Any]):
    """The steps add up to the amount; the amount is rounded once to the net amount."""

    quantity = _number()
    exact_quantity = ExactFractionField(source="quantity")
    steps = StepSerializer(many=True)
    amount = _number()
    exact_amount = ExactFractionField(source="amount")
    net_amount = ExactField(max_digits=30, decimal_places=12)


class PriceEntrySerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    company = serializers.CharField(source="company.code", help_text="Whose price book.")
    model = serializers.CharField()
    scope = serializers.CharField()
    is_agreed = serializers.SerializerMethodField()
    valid_from = serializers.DateTimeField()
    valid_to = serializers.DateTimeField(allow_null=True)
    superseded_at = serializers.DateTimeField(allow_null=True)

    def get_is_agreed(self, price: Any) -> bool:
        return price.account_id is not None


class BilledSerializer(serializers.Serializer[Any]):
    charge_id = serializers.IntegerField()
    month = MonthField()
    quantity = ExactField(max_digits=38, decimal_places=12)
    amount = ExactField(max_digits=30, decimal_places=12)
    net_amount = ExactField(max_digits=30, decimal_places=12)


class SourceEventSerializer(serializers.Serializer[Any]):
    source = serializers.CharField()  # type: ignore[assignment]
    id = serializers.CharField(source="event_id")
    type = serializers.CharField()
    time = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    content_hash = serializers.CharField(help_text="SHA-256 of the content by value, hexadecimal.")
    payload = serializers.JSONField(
        allow_null=True, help_text="The event as sent; null if you may not read the sender's stream."
    )


class StretchSerializer(serializers.Serializer[Any]):
    resource = serializers.CharField()
    state = serializers.CharField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    item_quantity = ExactField(max_digits=38, decimal_places=12)
    hours = _number()
    begun_by = SourceEventSerializer(many=True)
    ended_by = SourceEventSerializer(many=True)


class RecordSerializer(serializers.Serializer[Any]):
    resource = serializers.CharField(allow_blank=True)
    time = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    quantity = ExactField(max_digits=38, decimal_places=12, help_text="As sent.")
    unit = serializers.CharField(allow_blank=True, help_text="As sent; empty: the product's own.")
    counted = _number(help_text="Its part of the charge, in the product's unit.")
    event = SourceEventSerializer()


class OrderSourceSerializer(serializers.Serializer[Any]):
    order = serializers.CharField()
    quantity = ExactField(max_digits=38, decimal_places=12)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    days = serializers.IntegerField(help_text="That are due.")
    cycle_days = serializers.IntegerField(help_text="Of the whole cycle.")


class PartSerializer(serializers.Serializer[Any]):
    resource = serializers.CharField(allow_blank=True)
    quantity = _number(allow_null=True)
    sources = serializers.IntegerField()


class ExplanationSerializer(serializers.Serializer[Any]):
    charge = serializers.IntegerField(source="charge.pk")
    side = serializers.CharField(source="charge.side")
    kind = serializers.CharField(source="charge.kind")
    account = serializers.CharField(source="charge.account")
    month = MonthField(source="charge.month")
    service_month = MonthField(source="charge.service_month")
    sku = serializers.CharField(source="charge.sku")
    unit = serializers.CharField(source="charge.unit")
    resource = serializers.CharField(source="charge.resource", allow_null=True)
    order = serializers.CharField(source="charge.order", allow_null=True)
    currency = serializers.CharField(source="charge.currency")
    quantity = ExactField(source="charge.quantity", max_digits=38, decimal_places=12)
    amount = ExactField(source="charge.amount", max_digits=30, decimal_places=12)
    net_amount = ExactField(source="charge.net_amount", max_digits=30, decimal_places=12)
    agrees = serializers.BooleanField(help_text="Whether the inputs give exactly what the charge says.")
    note = serializers.CharField(help_text="If not, why.")
    timezone = serializers.CharField()
    counted_until = serializers.DateTimeField(help_text="Billable time counts up to here.")
    received_by = serializers.DateTimeField(
        allow_null=True, help_text="The cut-off: what came later was not counted. Null: nothing is left out."
    )
    price = PriceEntrySerializer(allow_null=True)
    should = PricedSerializer(help_text="What the inputs give; of a correction, what should have been.")
    made_up_charge = PricedSerializer(
        allow_null=True, help_text="Of a true-up: the charge made up to the minimum."
    )
    billed = BilledSerializer(many=True, help_text="Of a correction: what was billed before.")
    resource_count = serializers.IntegerField(source="part_count")
    resources = PartSerializer(
        source="parts", many=True, help_text="Of a charge that pools an account: the largest of them."
    )
    stretches = StretchSerializer(source="sources.stretches", many=True)
    records = RecordSerializer(source="sources.records", many=True)
    orders = OrderSourceSerializer(source="sources.orders", many=True)
    next_cursor = serializers.CharField(
        source="sources.next_after", help_text="Empty: this is the last page."
    )


def explanation_body(explanation: Explanation) -> dict[str, Any]:
    return dict(ExplanationSerializer(explanation).data)
