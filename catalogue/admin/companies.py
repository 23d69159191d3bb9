"""Who sells."""

from django.contrib import admin
from django.http import HttpRequest

from billing_site.common.admin import VisibleChoices
from catalogue.admin.history import HistoryAdmin
from catalogue.admin.zones import ZonedForm
from catalogue.models import Company
from catalogue.selectors.visible import visible_companies


@admin.register(Company)
class CompanyAdmin(HistoryAdmin):
    visible = staticmethod(visible_companies)
    form = ZonedForm
    list_display = ["code", "name", "country", "currency", "timezone", "parent", "number_prefix"]
    list_filter = [("parent", VisibleChoices)]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]
    fixed_fields = ["code", "currency", "parent"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser
