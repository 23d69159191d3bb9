"""What the independent rater says."""

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from billing_site.common.admin import BulkAdmin, month, number
from catalogue.models import Account, Product
from reconciliation.models import SecondaryCharge
from reconciliation.selectors.visible import visible_secondary_charges


@admin.register(SecondaryCharge)
class SecondaryChargeAdmin(BulkAdmin):
    visible = staticmethod(visible_secondary_charges)
    list_display = [
        *("account", month(), "side", "sku", "resource", number("quantity")),
        *(number("charge_amount"), number("true_up_amount")),
    ]
    list_filter = ["side"]
    search_fields = ["resource__exact"]
    ordering = ["-month", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SecondaryCharge]:
        accounts = Account.objects.filter(pk=OuterRef("account_id"))
        products = Product.objects.filter(pk=OuterRef("product_id"))
        return (
            super()
            .get_queryset(request)
            .annotate(account=Subquery(accounts.values("code")[:1]), sku=Subquery(products.values("sku")[:1]))
        )

    @admin.display(ordering="account")
    def account(self, charge: SecondaryCharge) -> str:
        return str(charge.account)  # type: ignore[attr-defined]

    @admin.display(ordering="sku")
    def sku(self, charge: SecondaryCharge) -> str:
        return str(charge.sku)  # type: ignore[attr-defined]
