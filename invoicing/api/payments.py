"""Record money that came in, and see what it settled."""

from typing import Any
from zoneinfo import ZoneInfo

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.clock import now
from billing_site.common.rest.bodies import Body
from billing_site.common.rest.fields import CodeField, RowSerializer
from billing_site.common.rest.filters import ByCode
from billing_site.common.rest.requests import NotFound, caller_of
from billing_site.common.rest.views import VisibleRows
from catalogue.domain.periods import local_date
from catalogue.models import Scope
from catalogue.selectors.visible import visible_accounts, visible_companies
from invoicing.api.fields import AmountField
from invoicing.models import Payment, PaymentAllocation
from invoicing.selectors.visible import visible_invoices, visible_payments
from invoicing.services.payments import record_payment


class AllocationSerializer(RowSerializer):
    invoice: Any = serializers.SlugRelatedField("number", read_only=True)

    class Meta:
        model = PaymentAllocation
        fields = ["invoice", "amount"]


class PaymentSerializer(RowSerializer):
    company = CodeField()
    account = CodeField()
    invoice: Any = serializers.SlugRelatedField("number", read_only=True, help_text="That it names.")
    allocations = AllocationSerializer(many=True, read_only=True, help_text="What it settles.")

    class Meta:
        model = Payment
        fields = [
            *("reference", "company", "account", "received_on", "currency", "amount", "invoice"),
            "allocations",
        ]


class PaymentBody(Body):
    reference = serializers.CharField(
        max_length=100, help_text="Its id in the bank's books, once a company: sent again it changes nothing."
    )
    account = serializers.CharField(help_text="Its code.")
    amount = AmountField(help_text="Above 0, in the invoice's currency, else the account's.")
    received_on = serializers.DateField()
    invoice = serializers.CharField(
        required=False, help_text="The number of the one that it pays; without it the money is unapplied."
    )


class PaymentFilters(filters.FilterSet):
    company = ByCode(visible_companies, field_name="company")
    account = ByCode(visible_accounts, field_name="account")
    invoice = ByCode(visible_invoices, code="number", field_name="invoice")
    received_from = filters.DateFilter(field_name="received_on", lookup_expr="gte")

    class Meta:
        model = Payment
        fields = ["reference", "currency"]


class PaymentViewSet(VisibleRows):
    """Payments, and what they settle; the rest of their amounts is unapplied."""

    visible = staticmethod(visible_payments)
    serializer_class = PaymentSerializer
    filterset_class = PaymentFilters

    @property
    def scope(self) -> str:  # type: ignore[override]
        return Scope.BILLING_WRITE if self.request.method == "POST" else Scope.BILLING_READ

    @property
    def permission(self) -> str:
        return "invoicing.add_payment" if self.request.method == "POST" else super().permission

    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related("allocations__invoice")

    @extend_schema(request=PaymentBody, responses={201: PaymentSerializer})
    def create(self, request: Request) -> Response:
        """Record a payment; the invoice that it names takes what is open of it, and no other invoice does."""
        asked = PaymentBody(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        caller = caller_of(request)
        account = visible_accounts(caller).filter(code=values["account"]).first()
        invoice = visible_invoices(caller).filter(number=values.get("invoice", "")).first()
        if account is None or (invoice is None and "invoice" in values):
            raise NotFound
        payment = record_payment(
            account=account,
            reference=values["reference"],
            amount=values["amount"],
            received_on=values["received_on"],
            today=local_date(now(), ZoneInfo(account.company.timezone)),
            invoice=invoice,
        )
        return Response(PaymentSerializer(payment).data, status=status.HTTP_201_CREATED)
