"""What is taken off."""

from typing import Any

from django import forms
from django.contrib import admin
from unfold.widgets import UnfoldAdminTextInputWidget

from billing_site.common.admin import VisibleChoices, show_money, show_number
from catalogue.admin.history import HistoryAdmin
from catalogue.models import Company, Promotion
from catalogue.selectors.visible import visible_promotions


class PromotionForm(forms.ModelForm):
    """A promotion and who holds it: only accounts whose invoices it can take something off."""

    class Meta:
        widgets = {"families": UnfoldAdminTextInputWidget}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        # On the page of a promotion its company cannot be changed, and is no value of the form.
        company = values.get("company") or Company.objects.filter(pk=self.instance.company_id).first()
        currency = values.get("currency")
        for account in values.get("accounts") or ():
            if company is not None and account.company_id != company.pk:
                self.add_error("accounts", f"{account.code} is not an account of {company.code}.")
            elif currency is not None and account.currency_id != currency.code:
                self.add_error("accounts", f"{account.code} is billed in {account.currency_id}.")
        return values


@admin.display(description="takes off", ordering="percent")
def takes_off(promotion: Promotion) -> str:
    if promotion.percent is not None:
        return f"{show_number(promotion.percent)} %"
    return show_money(promotion.amount, str(promotion.currency_id))


@admin.register(Promotion)
class PromotionAdmin(HistoryAdmin):
    visible = staticmethod(visible_promotions)
    form = PromotionForm
    list_display = [
        *("code", "company", "position", takes_off, "is_coupon", "valid_from", "valid_to"),
        *("redemptions", "max_redemptions"),
    ]
    list_filter = [("company", VisibleChoices), "is_coupon", "valid_from"]
    search_fields = ["code"]
    fieldsets = [
        (None, {"fields": [("code", "company"), "position"]}),
        ("What it takes off", {"fields": ["percent", ("amount", "currency"), "products", "families"]}),
        ("Whose, and when", {"fields": ["accounts", "is_coupon", ("valid_from", "valid_to")]}),
        ("How often", {"fields": [("max_redemptions", "redemptions")]}),
    ]
    fixed_fields = ["code", "company"]
    readonly_fields = ["redemptions"]
    autocomplete_fields = ["products", "accounts"]
