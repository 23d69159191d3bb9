"""What is taken off."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.clock import now
from billing_site.common.rest.bodies import Body
from billing_site.common.rest.fields import CodeField, RowSerializer
from billing_site.common.rest.filters import ByCode
from billing_site.common.rest.requests import NotFound, caller_of
from billing_site.common.rest.views import VisibleRows
from catalogue.api.fields import ExactNumber
from catalogue.models import Currency, Product, Promotion, Scope
from catalogue.selectors.reach import reach_of
from catalogue.selectors.visible import visible_accounts, visible_companies, visible_promotions
from catalogue.services.promotions import create_promotion, redeem_coupon


class PromotionSerializer(RowSerializer):
    company = CodeField()
    skus: Any = serializers.SlugRelatedField("sku", many=True, read_only=True, source="products")

    class Meta:
        model = Promotion
        fields = [
            *("id", "code", "company", "position", "percent", "amount", "currency", "skus", "families"),
            *("is_coupon", "valid_from", "valid_to", "max_redemptions", "redemptions"),
        ]


class PromotionRequest(Body):
    code = serializers.SlugField(max_length=40)
    company = serializers.CharField(help_text="Its code.")
    percent = ExactNumber(required=False, help_text="10 takes off 10 %; or else an amount.")
    amount = ExactNumber(required=False, help_text="Of the currency, off each invoice.")
    currency = serializers.CharField(required=False)
    skus = serializers.ListField(
        child=serializers.CharField(),
        max_length=1000,
        default=list,
        help_text="What it takes off, beside the families; without either: all.",
    )
    families = serializers.ListField(
        child=serializers.CharField(max_length=120), max_length=1000, default=list
    )
    accounts = serializers.ListField(
        child=serializers.CharField(),
        max_length=1000,
        default=list,
        help_text="Codes of those it is given to.",
    )
    is_coupon = serializers.BooleanField(default=False, help_text="Customers take it by entering its code.")
    valid_from = serializers.DateField(
        help_text="It counts in billing periods whose first day is this or later."
    )
    valid_to = serializers.DateField(required=False, allow_null=True, help_text="Exclusive.")
    max_redemptions = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=2_147_483_647,
        help_text="How many invoices may use it.",
    )


class CouponRequest(Body):
    account = serializers.CharField(help_text="The code of the account that takes it.")
    coupon = serializers.CharField(max_length=40, help_text="Its code, as printed.")


class PromotionFilters(filters.FilterSet):
    company = ByCode(visible_companies, field_name="company")
    account = ByCode(visible_accounts, field_name="accounts", label="Those that an account holds.")
    valid_on = filters.DateFilter(method="of_day", label="Those in whose time a day lies.")

    class Meta:
        model = Promotion
        fields = ["code", "is_coupon"]

    def of_day(self, promotions, _name, day):
        return promotions.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


class PromotionViewSet(VisibleRows):
    """What is taken off invoices; a new promotion counts at once."""

    serializer_class = PromotionSerializer
    filterset_class = PromotionFilters

    @staticmethod
    def visible(caller: Any) -> Any:
        return visible_promotions(caller).prefetch_related("products")

    @property
    def scope(self) -> str:  # type: ignore[override]
        return Scope.CATALOGUE_READ if self.action == "list" else Scope.CATALOGUE_WRITE

    @property
    def permission(self) -> str:
        rights = {"create": "catalogue.add_promotion", "redeem": "catalogue.change_promotion"}
        return rights.get(self.action, super().permission)

    @extend_schema(request=PromotionRequest, responses={201: PromotionSerializer})
    def create(self, request: Request) -> Response:
        """Create a promotion, and give it to accounts. The same one again answers what stands."""
        caller = caller_of(request)
        if reach_of(caller).account_ids is not None:
            raise PermissionDenied("Promotions are created for a company; use a key of a company.")
        asked = PromotionRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        company = visible_companies(caller).filter(code=values.pop("company")).first()
        if company is None:
            raise ValidationError({"company": NotFound.default_detail})
        currency = values.pop("currency", None)
        promotion = create_promotion(
            company=company,
            currency=_all_of("currency", Currency.objects.all(), "code", [currency])[0] if currency else None,
            products=_all_of("skus", Product.objects.all(), "sku", values.pop("skus")),
            accounts=_all_of("accounts", visible_accounts(caller), "code", values.pop("accounts")),
            **values,
        )
        return Response(PromotionSerializer(promotion).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=CouponRequest, responses=PromotionSerializer)
    @action(detail=False, methods=["post"])
    def redeem(self, request: Request) -> Response:
        """Take a coupon for an account by its code."""
        asked = CouponRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        account = visible_accounts(caller_of(request)).filter(code=asked.validated_data["account"]).first()
        if account is None:
            raise ValidationError({"account": NotFound.default_detail})
        promotion = redeem_coupon(account=account, code=asked.validated_data["coupon"], at=now())
        return Response(PromotionSerializer(promotion).data)


def _all_of(name: str, rows: Any, key: str, wanted: Collection[str]) -> list[Any]:
    """Return the rows with these keys; what is not among them is refused by its place in the request."""
    found = {getattr(row, key): row for row in rows.filter(**{f"{key}__in": set(wanted)})}
    if missing := [place for place, one in enumerate(wanted) if one not in found]:
        places: dict[Any, Any] = {place: [NotFound.default_detail] for place in missing}
        raise ValidationError({name: places})
    return list(found.values())
