"""What is sold."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from billing_site.common.admin import Table
from billing_site.common.clock import now
from catalogue.admin.price_history import price_history
from catalogue.admin.shared import SharedAdmin
from catalogue.models import Product, UnitFactor
from catalogue.models.products import active_only


class UnitFactorInline(TabularInline):
    model = UnitFactor
    extra = 0


class ProductForm(forms.ModelForm):
    billed_states = forms.MultipleChoiceField(
        choices=[(state, state) for state in ("active", "suspended", "stopped")],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        initial=active_only,
        required=False,
    )


@admin.register(Product)
class ProductAdmin(SharedAdmin):
    form = ProductForm
    list_display = ["sku", "name", "family", "region", "shown_kind", "unit", "ended_at"]
    list_filter = ["kind", "provider", "tax_category", "region"]
    search_fields = ["sku", "name", "family"]
    fixed_fields = ["sku", "unit", "kind"]
    inlines = [UnitFactorInline]
    fieldsets = [
        (None, {"fields": [("sku", "name"), ("family", "category"), ("provider", "region")]}),
        (
            "How it is billed",
            {
                "fields": [
                    *[("kind", "unit"), ("aggregation", "time_rounding"), "billed_states"],
                    *[("cycle", "proration"), ("tax_category", "in_advance"), "ended_at"],
                ]
            },
        ),
    ]

    @admin.display(description="kind", ordering="kind")
    def shown_kind(self, product: Product) -> str:
        """Return the kind in one word, as price files name it."""
        return product.kind.replace("_", " ")

    def tables(self, request: HttpRequest, row: Product) -> list[Table]:
        if not request.user.has_perm("catalogue.view_price"):
            return []
        return [price_history(row, self.person(request), now())]
