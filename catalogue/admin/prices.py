"""At which price: entries never change, a new one is entered by a price file or a service."""

from decimal import Decimal

from django.contrib import admin
from django.http import HttpRequest

from billing_site.common.admin import BulkAdmin, ReadOnlyInline, VisibleChoices, number, show_number
from catalogue.admin.history import HistoryAdmin
from catalogue.admin.price_gaps import PriceGapPages
from catalogue.models import Price, PriceTier
from catalogue.selectors.visible import visible_prices


class PriceTierInline(ReadOnlyInline):
    model = PriceTier
    fields = [number("lower", "above"), number("up_to"), number("unit_price"), number("flat_fee")]
    readonly_fields = fields
    verbose_name_plural = "tiers"


@admin.display(description="terms")
def terms(price: Price) -> str:
    named = {
        "": price.unit_price,
        "fee": price.fee,
        "a package": price.package_price,
        "%": price.percent,
        "a record": price.fixed_fee,
        "included": price.included or None,
        "at most": price.cap,
        "at least": price.minimum,
    }
    written = [
        f"{show_number(Decimal(value))} {name}".strip() for name, value in named.items() if value is not None
    ]
    return " · ".join(written) or f"{len(price.tiers.all())} tiers"


@admin.register(Price)
class PriceAdmin(PriceGapPages, HistoryAdmin, BulkAdmin):
    visible = staticmethod(visible_prices)
    list_display = [
        *("product", "company", "account", "currency", "model", terms),
        *("valid_from", "valid_to", "superseded_at"),
    ]
    list_filter = [
        ("company", VisibleChoices),
        "currency",
        "model",
        ("superseded_at", admin.EmptyFieldListFilter),
    ]
    search_fields = ["product__sku"]
    ordering = ["-id"]
    fields = [
        ("product", "company", "account"),
        ("currency", "model", "scope"),
        (terms, number("package_size")),
        ("valid_from", "valid_to", "superseded_at"),
        "note",
    ]
    readonly_fields = [terms, number("package_size")]

    def get_inlines(self, request: HttpRequest, obj: Price | None) -> list[type[PriceTierInline]]:
        return [PriceTierInline] if obj and obj.tiers.all() else []
