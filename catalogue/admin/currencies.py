"""Currencies and the rates between them."""

from django.contrib import admin

from billing_site.common.admin import number
from catalogue.admin.shared import SharedAdmin
from catalogue.models import Currency, ExchangeRate


@admin.register(Currency)
class CurrencyAdmin(SharedAdmin):
    list_display = ["code", "name", "minor_units"]
    search_fields = ["code", "name"]
    fixed_fields = ["code", "minor_units"]


@admin.register(ExchangeRate)
class ExchangeRateAdmin(SharedAdmin):
    list_display = ["rated_on", "base", "quote", number("rate"), "source"]
    list_display_links = ["rated_on"]
    list_filter = ["base", "quote", "source"]
    date_hierarchy = "rated_on"
    ordering = ["-rated_on", "base", "quote"]
    fixed_fields = ["base", "quote", "rated_on"]
