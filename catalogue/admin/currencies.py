"""Currencies and the rates between them."""

from typing import BinaryIO

from django.contrib import admin
from django.http import HttpRequest

from billing_site.common.admin import number
from billing_site.common.uploads import UploadAdmin
from catalogue.admin.shared import SharedAdmin
from catalogue.models import Currency, ExchangeRate
from catalogue.services.exchange_rates import import_exchange_rates


@admin.register(Currency)
class CurrencyAdmin(SharedAdmin):
    list_display = ["code", "name", "minor_units"]
    search_fields = ["code", "name"]
    fixed_fields = ["code", "minor_units"]


@admin.register(ExchangeRate)
class ExchangeRateAdmin(UploadAdmin, SharedAdmin):
    list_display = ["rated_on", "base", "quote", number("rate"), "source"]
    list_display_links = ["rated_on"]
    list_filter = ["base", "quote", "source"]
    date_hierarchy = "rated_on"
    ordering = ["-rated_on", "base", "quote"]
    fixed_fields = ["base", "quote", "rated_on"]
    upload_title = "Upload exchange rates"
    upload_help = [
        "CSV as the European Central Bank publishes it, zipped or not (Date and a column a currency: units "
        "of it a euro), or with the columns base, quote, date, rate and source: 1 base = rate quote.",
        "A rate takes the place of the one that stands for its pair and day. All lines are taken, or none.",
    ]

    def take_file(self, request: HttpRequest, file: BinaryIO, *, check_only: bool) -> str:
        loaded = import_exchange_rates(file=file)
        counts = f"{loaded.new} new, {loaded.changed} changed, {loaded.unchanged} unchanged."
        left_out = ", ".join(loaded.skipped)
        return f"{counts} Left out, because ISO 4217 does not list them: {left_out}." if left_out else counts
