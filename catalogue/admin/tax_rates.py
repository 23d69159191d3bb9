"""What the state takes."""

from django.contrib import admin

from billing_site.common.admin import number
from catalogue.admin.shared import SharedAdmin
from catalogue.models import TaxRate


@admin.register(TaxRate)
class TaxRateAdmin(SharedAdmin):
    list_display = ["country", "category", "name", number("percent"), "valid_from"]
    list_filter = ["category", "country"]
    sortable_by = ["country", "percent", "valid_from"]
    search_fields = ["country", "name"]
