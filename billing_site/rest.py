"""The API under /api/: its addresses, and its answers where no view is reached."""

from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny
from rest_framework.routers import APIRootView, DefaultRouter

from billing_site.common.rest.problems import problem_page
from billing_site.common.rest.requests import NotFound
from catalogue.api.accounts import AccountViewSet
from catalogue.api.companies import CompanyViewSet
from catalogue.api.currencies import CurrencyViewSet
from catalogue.api.exchange_rates import ExchangeRateViewSet
from catalogue.api.price_imports import PriceImportViewSet
from catalogue.api.prices import PriceViewSet
from catalogue.api.products import ProductViewSet
from catalogue.api.promotions import PromotionViewSet
from catalogue.api.quotes import QuoteView
from catalogue.api.tax_rates import TaxRateViewSet
from invoicing.api.balances import BalanceView, StatementView
from invoicing.api.bill_runs import BillRunViewSet
from invoicing.api.credit_notes import CreditNoteViewSet
from invoicing.api.intercompany import InterCompanyViewSet
from invoicing.api.invoices import InvoiceViewSet
from invoicing.api.number_series import NumberSeriesViewSet
from invoicing.api.payments import PaymentViewSet
from invoicing.api.pro_formas import ProFormaPdfView, ProFormaView
from metering.api.charges import ChargeViewSet
from metering.api.current_charges import CurrentChargesView
from metering.api.events import EventView
from metering.api.exceptions import ExceptionViewSet
from metering.api.orders import OrderViewSet
from metering.api.resources import ResourceViewSet
from metering.api.unrated import UnratedView
from reconciliation.api.control_totals import ControlTotalViewSet
from reconciliation.api.finance_totals import FinanceTotalViewSet
from reconciliation.api.financial_reports import (
    AgedDebtReportView,
    DeferredReportView,
    RevenueReportView,
    TaxReportView,
)
from reconciliation.api.findings import FindingViewSet
from reconciliation.api.margin import MarginView
from reconciliation.api.month_closings import MonthClosingViewSet
from reconciliation.api.runs import ReconciliationRunViewSet
from reconciliation.api.what_if import WhatIfView

_HERE = "/api/"
_WRONG_REQUEST = "The request cannot be read."


class Lists(APIRootView):
    """What can be read here; events are sent to `events`, and the whole is described at /api/docs/."""

    permission_classes = [AllowAny]
    authentication_classes = []
    schema = None


def no_such_address(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path.startswith(_HERE):
        return problem_page(404, str(NotFound.default_detail), NotFound.default_code)
    return defaults.page_not_found(request, exception or Exception())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(_HERE):
        return problem_page(400, _WRONG_REQUEST, "bad_request")
    return defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(_HERE):
        return problem_page(403, "You may not do this.", "permission_denied")
    return defaults.permission_denied(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(_HERE):
        sentence = "Something broke on our side and was logged; send the request again, it is safe to repeat."
        request_id = structlog.contextvars.get_contextvars().get("request_id")
        return problem_page(500, sentence, "server_error", request_id=request_id)
    return defaults.server_error(request)


def _router() -> DefaultRouter:
    router = DefaultRouter(trailing_slash=False)
    router.include_format_suffixes = False
    router.APIRootView = Lists
    views: dict[str, Any] = {
        "companies": CompanyViewSet,
        "accounts": AccountViewSet,
        "products": ProductViewSet,
        "prices": PriceViewSet,
        "price-imports": PriceImportViewSet,
        "promotions": PromotionViewSet,
        "tax-rates": TaxRateViewSet,
        "exchange-rates": ExchangeRateViewSet,
        "currencies": CurrencyViewSet,
        "orders": OrderViewSet,
        "charges": ChargeViewSet,
        "exceptions": ExceptionViewSet,
        "invoices": InvoiceViewSet,
        "bill-runs": BillRunViewSet,
        "credit-notes": CreditNoteViewSet,
        "payments": PaymentViewSet,
        "inter-company-documents": InterCompanyViewSet,
        "number-series": NumberSeriesViewSet,
        "month-closings": MonthClosingViewSet,
        "control-totals": ControlTotalViewSet,
        "finance-totals": FinanceTotalViewSet,
        "reconciliation-runs": ReconciliationRunViewSet,
        "findings": FindingViewSet,
    }
    for name, view in views.items():
        router.register(name, view, basename=name.removesuffix("s"))
    return router


# Names of resources may hold slashes (they are other clouds' ids), so their addresses are written out.
_RESOURCES = [
    path("resources", ResourceViewSet.as_view({"get": "list"}), name="resource-list"),
    path(
        "resources/<path:name>/timeline",
        ResourceViewSet.as_view({"get": "timeline"}),
        name="resource-timeline",
    ),
    path("resources/<path:name>/usage", ResourceViewSet.as_view({"get": "usage"}), name="resource-usage"),
    path("resources/<path:name>", ResourceViewSet.as_view({"get": "retrieve"}), name="resource-detail"),
]

urlpatterns = [
    path("v1/events", EventView.as_view(), name="events"),
    path("v1/quotes", QuoteView.as_view(), name="quotes"),
    path("v1/accounts/<str:code>/current-charges", CurrentChargesView.as_view(), name="current-charges"),
    path("v1/reports/revenue", RevenueReportView.as_view(), name="revenue-report"),
    path("v1/reports/tax", TaxReportView.as_view(), name="tax-report"),
    path("v1/reports/deferred-revenue", DeferredReportView.as_view(), name="deferred-report"),
    path("v1/reports/aged-debt", AgedDebtReportView.as_view(), name="aged-debt-report"),
    path("v1/what-if", WhatIfView.as_view(), name="what-if-report"),
    path("v1/margin", MarginView.as_view(), name="margin-report"),
    path("v1/unrated", UnratedView.as_view(), name="unrated"),
    path("v1/accounts/<str:code>/balance", BalanceView.as_view(), name="balance"),
    path("v1/accounts/<str:code>/pro-forma", ProFormaView.as_view(), name="pro-forma"),
    path("v1/accounts/<str:code>/pro-forma/pdf", ProFormaPdfView.as_view(), name="pro-forma-pdf"),
    path("v1/accounts/<str:code>/statement", StatementView.as_view(), name="statement"),
    path("v1/", include(_RESOURCES)),
    path("v1/", include(_router().urls)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    # A program that sends to a wrong address has no cookie: it is told the same as one that reads.
    re_path("^", csrf_exempt(no_such_address)),
]
