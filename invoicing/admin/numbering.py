"""Invoice numbers without gaps."""

from django.contrib import admin

from billing_site.common.admin import ReadOnlyAdmin, VisibleChoices
from invoicing.models import NumberSeries
from invoicing.selectors.visible import visible_number_series


@admin.register(NumberSeries)
class NumberSeriesAdmin(ReadOnlyAdmin):
    visible = staticmethod(visible_number_series)
    list_display = ["company", "kind", "year", "last_number"]
    list_filter = [("company", VisibleChoices), "kind", "year"]
    ordering = ["company", "kind", "-year"]
