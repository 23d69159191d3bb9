"""What was ordered beside resources."""

from decimal import Decimal
from typing import Any, BinaryIO

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSingleDateWidget

from billing_site.common.admin import (
    LINK,
    EstimatePaginator,
    Table,
    VisibleChoices,
    money,
    number,
    show_money,
    show_number,
)
from billing_site.common.clock import now
from billing_site.common.uploads import UploadAdmin
from catalogue.models import Product
from catalogue.selectors.visible import visible_accounts
from metering.models import Charge, Order
from metering.selectors.visible import visible_charges, visible_orders
from metering.services.order_files import COLUMNS, import_orders
from metering.services.ordering import CannotOrder, cancel_order, check_order, place_order

_SHOWN = 100


class OrderForm(forms.ModelForm):
    """A new order; one that could not be charged is refused at the field to correct."""

    def clean_quantity(self) -> Decimal:
        quantity: Decimal = self.cleaned_data["quantity"]
        if quantity <= 0:
            raise forms.ValidationError("An order needs a quantity above 0.")
        return quantity

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        try:
            check_order(Order(**values))
        except CannotOrder as refusal:
            self.add_error(refusal.field or None, refusal.sentence)
        if Order.objects.filter(account=values["account"], code=values["code"]).exists():
            self.add_error("code", f"{values['account'].code} has an order of this code: choose another.")
        return values


class CancelForm(forms.Form):
    ended_on = forms.DateField(
        label="Ends on",
        widget=UnfoldAdminSingleDateWidget,
        help_text="The first day that it does not run any more, where the account is.",
    )


def _page(charge: Charge) -> str:
    return reverse("admin:metering_charge_change", args=[charge.pk])


@admin.register(Order)
class OrderAdmin(UploadAdmin):
    visible = staticmethod(visible_orders)
    form = OrderForm
    paginator = EstimatePaginator
    list_display = [
        *("code", "account", "product", number("quantity")),
        *(money("unit_price", "agreed price", currency="account.currency_id"), "started_on", "ended_on"),
    ]
    list_filter = [
        "product__kind",
        ("ended_on", admin.EmptyFieldListFilter),
        ("account__company", VisibleChoices),
    ]
    search_fields = ["code", "account__code", "product__sku"]
    autocomplete_fields = ["account", "product"]
    fieldsets = [
        (None, {"fields": [("account", "code"), ("product", "quantity")]}),
        ("When", {"fields": [("started_on", "ended_on"), "charged_from"]}),
        ("Price", {"fields": ["unit_price"]}),
    ]
    readonly_fields = ["billed"]
    actions_detail = ["cancel"]
    upload_title = "Upload orders"
    upload_help = [
        f"CSV with a line an order. Columns: {', '.join(COLUMNS)}; days are written 2026-04-01.",
        "An order is known by its account and code. One that stands keeps all but its end, which a line may "
        "move. charged_from: days before it were billed elsewhere. All lines are taken, or none.",
    ]
    can_be_checked = True

    def get_fieldsets(self, request: HttpRequest, obj: Order | None = None) -> Any:
        if obj is None:
            return self.fieldsets
        price = money("unit_price", "agreed price", currency="account.currency_id")
        fields = [
            ("account", "code"),
            ("product", "billed"),
            (number("quantity"), price),
            ("started_on", "ended_on", "charged_from"),
        ]
        return [(None, {"fields": fields})]

    @admin.display(description="billed")
    def billed(self, order: Order) -> str:
        product = order.product
        if product.kind == Product.Kind.ONE_TIME:
            return "once"
        when = "in advance" if product.in_advance else "in arrears"
        return f"{product.get_cycle_display()}, {when}, {product.get_proration_display()}"

    def tables(self, request: HttpRequest, row: Order) -> list[Table]:
        charges = visible_charges(self.person(request)).filter(account_id=row.account_id, order_id=row.pk)
        rows = [
            (
                format_html('<a class="{}" href="{}">{}</a>', LINK, _page(charge), f"{charge.month:%Y-%m}"),
                *(charge.side, charge.cycle_start, charge.service_start, charge.service_end),
                *(show_number(charge.quantity), show_money(charge.net_amount, charge.currency)),
            )
            for charge in charges.order_by("-month", "-cycle_start", "-side")[:_SHOWN]
        ]
        headers = ["month", "side", "cycle from", "charged from", "to", "quantity", "net"]
        note = f"The latest {_SHOWN}." if len(rows) == _SHOWN else ""
        return [Table("Charges", headers, rows, note)]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_cancel_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.person(request).has_perm("metering.change_order")

    def save_model(self, request: HttpRequest, obj: Order, form: Any, change: bool) -> None:
        obj.pk = place_order(**form.cleaned_data, now=now()).pk

    def take_file(self, request: HttpRequest, file: BinaryIO, *, check_only: bool) -> str:
        accounts = visible_accounts(self.person(request))
        stored = import_orders(file=file, accounts=accounts, now=now(), dry_run=check_only)
        counts = f"{stored.new} new, {stored.changed} with another end, {stored.unchanged} unchanged."
        return f"Nothing wrong, nothing stored yet: {counts}" if check_only else counts

    @action(description="Cancel", url_path="cancel", permissions=["cancel"], icon="event_busy")
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        order = self.get_object(request, object_id)
        if order is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        here = redirect(reverse("admin:metering_order_change", args=[order.pk]))
        if order.product.kind == Product.Kind.ONE_TIME:
            messages.error(request, "It is charged once, on its day: credit its invoice line instead.")
            return here
        form = CancelForm(request.POST or None, initial={"ended_on": order.ended_on})
        if form.is_valid():
            ended_on = form.cleaned_data["ended_on"]
            try:
                cancel_order(order=order, ended_on=ended_on, now=now())
            except CannotOrder as refusal:
                form.add_error(refusal.field or None, refusal.sentence)
            else:
                self.log_change(request, order, f"Ends on {ended_on}.")
                messages.success(
                    request, f"It ends on {ended_on}. What was charged from then on is given back."
                )
                return here
        context = {
            **self.page_context(request, "Cancel", order),
            "form": form,
            "help": [f"{order.product.sku} since {order.started_on}. A date of the past gives days back."],
            "button": "Cancel the order",
        }
        return TemplateResponse(request, "console/form.html", context)
