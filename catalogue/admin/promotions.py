"""What is taken off."""

from typing import Any

from django import forms
from django.contrib import admin

from billing_site.common.admin import VisibleChoices, number
from catalogue.admin.history import HistoryAdmin
from catalogue.models import Promotion
from catalogue.selectors.visible import visible_promotions


class PromotionForm(forms.ModelForm):
    """A promotion and who holds it: only accounts whose invoices it can take something off."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        company = values.get("company") or self.instance.company
        currency = values.get("currency")
        for account in values.get("accounts") or ():
            if account.company_id != company.pk:
                self.add_error("accounts", f"{account.code} is not an account of {company.code}.")
            elif currency is not None and account.currency_id != currency.code:
                self.add_error("accounts", f"{account.code} is billed in {account.currency_id}.")
        return values


@admin.register(Promotion)
class PromotionAdmin(HistoryAdmin):
    visible = staticmethod(visible_promotions)
    form = PromotionForm
    list_display = [
        *("code", "company", "position", number("percent"), number("amount"), "currency", "is_coupon"),
        *("valid_from", "valid_to", "max_redemptions", "redemptions"),
    ]
    list_filter = [("company", VisibleChoices), "is_coupon", "valid_from"]
    search_fields = ["code"]
    fieldsets = [
        (None, {"fields": [("code", "company", "position")]}),
        ("What it takes off", {"fields": [("percent", "amount", "currency"), "products", "families"]}),
        ("Whose, and when", {"fields": ["accounts", "is_coupon", ("valid_from", "valid_to")]}),
        ("How often", {"fields": [("max_redemptions", "redemptions")]}),
    ]
    fixed_fields = ["code", "company"]
    readonly_fields = ["redemptions"]
    autocomplete_fields = ["products", "accounts"]
