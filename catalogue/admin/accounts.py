"""Who buys."""

from django.contrib import admin

from billing_site.common.admin import VisibleChoices
from catalogue.admin.history import HistoryAdmin
from catalogue.admin.zones import ZonedForm
from catalogue.models import Account
from catalogue.selectors.visible import visible_accounts


@admin.register(Account)
class AccountAdmin(HistoryAdmin):
    visible = staticmethod(visible_accounts)
    form = ZonedForm
    list_display = ["code", "name", "company", "currency", "country", "timezone", "late_usage", "opened_at"]
    list_filter = [("company", VisibleChoices), "currency", "late_usage"]
    search_fields = ["code", "name", "external_id", "tax_number"]
    fixed_fields = ["code", "company", "currency"]
    fieldsets = [
        (None, {"fields": [("code", "name"), ("company", "currency"), "external_id", "opened_at"]}),
        ("On the invoice", {"fields": ["address", ("country", "tax_number"), ("locale", "email")]}),
        ("Terms", {"fields": ["timezone", ("payment_days", "late_usage")]}),
    ]
