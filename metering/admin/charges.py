"""What it is worth."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action, display

from billing_site.common.admin import (
    BulkAdmin,
    MonthFilter,
    ReadOnlyAdmin,
    money,
    month,
    number,
    show_money,
)
from billing_site.common.clock import now
from catalogue.domain.rounding import show
from catalogue.selectors.visible import visible_accounts
from metering.admin.explanations import explanation_tables
from metering.models import AccountPeriod, Charge, RatingRun
from metering.selectors.explained_sources import InvalidCursor
from metering.selectors.explanations import Explanation, explain_charge
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
    actions_detail = ["explanation"]
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

    @action(description="Why this amount?", permissions=["view"], icon="help")
    def explanation(self, request: HttpRequest, object_id: str) -> HttpResponse:
        charge = self.get_object(request, object_id)
        if charge is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        after = request.GET.get("after", "")
        try:
            explained = explain_charge(
                charge_id=charge.pk, caller=self.person(request), as_of=now(), after=after
            )
        except InvalidCursor:
            return redirect(reverse("admin:metering_charge_explanation", args=[charge.pk]))
        context: dict[str, Any] = {
            **self.page_context(request, "Why this amount?", charge),
            "sentence": _sentence(explained),
            "explanation": explained,
            "tables": explanation_tables(explained),
            "after": after,
        }
        return TemplateResponse(request, "console/explanation.html", context)

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


def _sentence(explained: Explanation) -> str:
    charge = explained.charge
    pooled = f"its {explained.part_count:,} resources together" if explained.part_count > 1 else ""
    what = charge.resource or charge.order or pooled
    kind = "the difference that" if explained.is_correction else "what"
    amount = show_money(charge.net_amount, charge.currency)
    used = f"{charge.sku}{what and f' of {what}'} in {charge.service_month:%B %Y}"
    if charge.side == Charge.Side.SELL:
        return f"{amount} is {kind} {charge.account} pays for {used}."
    return f"{amount} is {kind} {used} costs for {charge.account} by the book of {charge.book}."


@admin.register(RatingRun)
class RatingRunAdmin(ReadOnlyAdmin):
    visible = staticmethod(visible_rating_runs)
    list_display = ["id", "as_of", "received_by", "period_count", "written", "removed"]
