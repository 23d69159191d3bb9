"""What the invoice of one account would say now."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing_site.common.clock import now
from billing_site.common.rest.bodies import Body
from billing_site.common.rest.fields import MonthField
from billing_site.common.rest.requests import NotFound, caller_of
from catalogue.models import Account, Product, Scope
from catalogue.selectors.reach import reach_of
from catalogue.selectors.visible import visible_accounts
from invoicing.api.fields import AmountField
from invoicing.domain.invoice_views import InvoiceView
from invoicing.models import InvoiceLine
from invoicing.services.document_contents import invoice_document
from invoicing.services.pro_formas import pro_forma


class ProFormaQuery(Body):
    month = MonthField(help_text="The billing month, YYYY-MM.")


class ProFormaLineSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=InvoiceLine.Kind.choices)
    sku = serializers.CharField()
    description = serializers.CharField()
    family = serializers.CharField()
    resource = serializers.CharField()
    service_start = serializers.DateTimeField()
    service_end = serializers.DateTimeField()
    quantity = AmountField(allow_null=True)
    unit = serializers.CharField()
    unit_price = AmountField(allow_null=True)
    net_amount = AmountField()
    tax_category = serializers.ChoiceField(choices=Product.TaxCategory.choices)


class ProFormaTaxSerializer(serializers.Serializer[Any]):
    category = serializers.ChoiceField(choices=Product.TaxCategory.choices)
    name = serializers.CharField()
    percent = AmountField()
    taxable_amount = AmountField()
    tax_amount = AmountField()
    reason = serializers.CharField(help_text="Why no tax is charged; may be empty.")


class ProFormaSerializer(serializers.Serializer[Any]):
    account = serializers.CharField(source="buyer.code")
    month = MonthField()
    period_start = serializers.DateTimeField()
    period_end = serializers.DateTimeField()
    currency = serializers.CharField()
    net_amount = AmountField()
    tax_amount = AmountField()
    gross_amount = AmountField()
    lines = ProFormaLineSerializer(many=True)
    taxes = ProFormaTaxSerializer(many=True)


class ProFormaView(APIView):
    """An account's invoice of a month as it would be now; it has no number, and nothing of it is kept."""

    scope = Scope.BILLING_READ
    permission = "invoicing.view_invoice"

    @extend_schema(parameters=[ProFormaQuery], responses=ProFormaSerializer)
    def get(self, request: Request, code: str) -> Response:
        """What was used and ordered so far, as the next bill run would draft it."""
        return Response(ProFormaSerializer(_shown(request, code)).data)


class ProFormaPdfView(APIView):
    """The same as a PDF that says on each page that it is no invoice."""

    scope = Scope.BILLING_READ
    permission = "invoicing.view_invoice"

    @extend_schema(parameters=[ProFormaQuery], responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, code: str) -> HttpResponse:
        """A pro forma invoice; it is made anew each time."""
        view = _shown(request, code)
        name = f"pro-forma-{view.buyer.code}-{view.month:%Y-%m}.pdf"
        headers = {"Content-Disposition": f'inline; filename="{name}"'}
        return HttpResponse(invoice_document(view), content_type="application/pdf", headers=headers)


def _shown(request: Request, code: str) -> InvoiceView:
    asked = ProFormaQuery(data=request.query_params.dict())
    asked.is_valid(raise_exception=True)
    account = _account(request, code)
    return pro_forma(account=account, month=asked.validated_data["month"], as_of=now())


def _account(request: Request, code: str) -> Account:
    """An account of a company that the caller reaches: customers see what is issued, and no drafts."""
    caller = caller_of(request)
    found = visible_accounts(caller).filter(code=code).first() if "\0" not in code else None
    if found is None or reach_of(caller).account_ids is not None:
        raise NotFound
    return found
