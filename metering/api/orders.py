"""What was ordered beside resources."""

from decimal import Decimal

from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiRequest, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.clock import now
from billing_site.common.rest.bodies import Body
from billing_site.common.rest.fields import CodeField, ExactField, RowSerializer
from billing_site.common.rest.files import CsvBody, ImportQuery, file_of
from billing_site.common.rest.filters import ByCode
from billing_site.common.rest.requests import NotFound, caller_of
from billing_site.common.rest.views import VisibleThings
from catalogue.models import Product, Scope
from catalogue.selectors.visible import visible_accounts
from metering.models import Order
from metering.selectors.visible import visible_orders
from metering.services.order_files import StoredOrders, import_orders
from metering.services.ordering import CannotOrder, cancel_order, place_order


class OrderSerializer(RowSerializer):
    account = CodeField()
    sku = serializers.CharField(source="product.sku", read_only=True)

    class Meta:
        model = Order
        fields = [
            *("id", "account", "code", "sku", "quantity", "started_on", "ended_on", "charged_from"),
            "unit_price",
        ]


class OrderRequest(Body):
    """An order, known by its account and code."""

    account = serializers.CharField(max_length=60, help_text="Its code.")
    code = serializers.CharField(max_length=100)
    sku = serializers.CharField(max_length=120, help_text="Of a recurring or one-time product.")
    quantity = ExactField(max_digits=38, decimal_places=12, default=Decimal(1))
    started_on = serializers.DateField(help_text="The first day, where the account is.")
    ended_on = serializers.DateField(default=None, allow_null=True, help_text="The first day after it.")
    charged_from = serializers.DateField(
        default=None, allow_null=True, help_text="Days before it were billed elsewhere."
    )
    unit_price = ExactField(
        max_digits=30,
        decimal_places=12,
        default=None,
        allow_null=True,
        help_text="Agreed, in the account's currency; it beats every price.",
    )


class CancelRequest(Body):
    ended_on = serializers.DateField(help_text="The first day that the order does not run any more.")


class StoredSerializer(serializers.Serializer[StoredOrders]):
    new = serializers.IntegerField()
    changed = serializers.IntegerField(help_text="Orders whose end moved.")
    unchanged = serializers.IntegerField()


class OrderFilters(filters.FilterSet):
    account = ByCode(visible_accounts, field_name="account")
    code = filters.CharFilter()
    sku = filters.CharFilter(field_name="product__sku")

    class Meta:
        model = Order
        fields: list[str] = []


class OrderViewSet(VisibleThings):
    """Fees by the month or year, and items charged once, beside what is metered."""

    visible = staticmethod(visible_orders)
    serializer_class = OrderSerializer
    filterset_class = OrderFilters
    lookup_value_regex = r"\d{1,18}"
    _RIGHTS = {
        "create": "metering.add_order",
        "import_file": "metering.add_order",
        "cancel": "metering.change_order",
    }

    @property
    def scope(self) -> str:  # type: ignore[override]
        return Scope.ORDERS_WRITE if self.action in self._RIGHTS else Scope.BILLING_READ

    @property
    def permission(self) -> str:
        return self._RIGHTS.get(self.action, super().permission)

    @extend_schema(request=OrderRequest, responses={200: OrderSerializer, 201: OrderSerializer})
    def create(self, request: Request) -> Response:
        """Place an order; sent again it changes nothing, other content under its code is refused (409)."""
        asked = OrderRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        account = visible_accounts(caller_of(request)).filter(code=values.pop("account")).first()
        product = Product.objects.filter(sku=values.pop("sku")).first()
        unknown = {"account": account, "sku": product}
        if account is None or product is None:
            raise ValidationError(
                {name: NotFound.default_detail for name, row in unknown.items() if row is None}
            )
        is_new = not Order.objects.filter(account=account, code=values["code"]).exists()
        try:
            order = place_order(account=account, product=product, **values, now=now())
        except CannotOrder as refusal:
            raise _refused(refusal) from refusal
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(OrderSerializer(self.get_queryset().get(pk=order.pk)).data, status=code)

    @extend_schema(request=CancelRequest, responses=OrderSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:  # noqa: ARG002 (get_object reads it)
        """Set the order's end, or move it; what was charged for days from then on is given back."""
        order = self.get_object()
        asked = CancelRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            cancel_order(order=order, ended_on=asked.validated_data["ended_on"], now=now())
        except CannotOrder as refusal:
            raise _refused(refusal) from refusal
        return Response(OrderSerializer(self.get_queryset().get(pk=order.pk)).data)

    @extend_schema(
        request={CsvBody.media_type: OpenApiRequest(OpenApiTypes.STR)},
        parameters=[ImportQuery],
        responses=StoredSerializer,
    )
    @action(detail=False, methods=["post"], url_path="import", parser_classes=[CsvBody])
    def import_file(self, request: Request) -> Response:
        """Bring the orders of a customer base in by CSV: a line an order, all or nothing, safe to repeat."""
        asked = ImportQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        stored = import_orders(
            file=file_of(request, "import_orders"),
            accounts=visible_accounts(caller_of(request)),
            now=now(),
            dry_run=asked.validated_data["dry_run"],
        )
        return Response(StoredSerializer(stored).data)


def _refused(refusal: CannotOrder) -> Exception:
    """What is wrong with a value, at its field; what is against an order that stands is a conflict."""
    if refusal.is_conflict or not refusal.field:
        return refusal
    field = {"product": "sku"}.get(refusal.field, refusal.field)
    return ValidationError({field: refusal.sentence})
