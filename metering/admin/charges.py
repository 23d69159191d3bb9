"""What it is worth."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from billing_site.common.admin import BulkAdmin, MonthFilter, ReadOnlyAdmin, money, month, number
from catalogue.domain.rounding import show
from catalogue.selectors.visible import visible_accounts
from metering.models import AccountPeriod, Charge, RatingRun
from metering.selectors.visible import visible_charges, visible_rating_runs, visible_resources, with_names


class BillingMonth(MonthFilter):
    months_of = AccountPeriod


@admin.register(Charge)
class ChargeAdmin(BulkAdmin):
    visible = staticmethod(visible_charges)
    list_display = [
        *("account", month(), "shown_side", "sku", "resource", number("quantity", show=show), "unit"),
        *(number("unit_price"), money("net_amount"), "kind"),
    ]
    list_filter = ["side", "kind", BillingMonth]
    search_fields = ["id"]
    search_help_text = "The code of an account, or the name of a resource."
    ordering = ["-id"]
    fields = [
        ("account", "book", "side", "kind"),
        (month(), month("service_month"), "service_start", "service_end"),
        ("sku", "resource", "order", "cycle_start"),
        (number("item_quantity"), number("quantity"), "unit", number("unit_price")),
        (money("amount", "unrounded"), money("net_amount")),
        ("price_id", "product_id"),
    ]
    readonly_fields = ["account", "book", "sku", "unit", "resource", "order"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return with_names(super().get_queryset(request))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        if not search_term:
            return queryset, False
        accounts = visible_accounts(self.person(request)).filter(code=search_term)
        resources = visible_resources(self.person(request)).filter(name=search_term)
        found = Q(account_id__in=accounts.values("pk")) | Q(resource_id__in=resources.values("pk"))
        return queryset.filter(found), False

    @admin.display(ordering="account_id")
    def account(self, charge: Any) -> str:
        return charge.account

    @display(description="side", ordering="side", label={"sell": "info", "cost": "warning"})
    def shown_side(self, charge: Charge) -> str:
        return charge.side

    @admin.display(description="price book of")
    def book(self, charge: Any) -> str:
        return charge.book

    @admin.display(description="SKU", ordering="product_id")
    def sku(self, charge: Any) -> str:
        return charge.sku

    def unit(self, charge: Any) -> str:
        return charge.unit

    @admin.display(ordering="resource_id")
    def resource(self, charge: Any) -> str:
        return charge.resource or charge.order

    def order(self, charge: Any) -> str:
        return charge.order


@admin.register(RatingRun)
class RatingRunAdmin(ReadOnlyAdmin):
    visible = staticmethod(visible_rating_runs)
    list_display = ["id", "as_of", "received_by", "period_count", "written", "removed"]
