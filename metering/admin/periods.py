"""Which months are open, and which are closed."""

from django.contrib import admin
from unfold.decorators import display

from billing_site.common.admin import BulkAdmin, MonthFilter, month
from metering.models import AccountPeriod
from metering.selectors.visible import visible_periods


@admin.register(AccountPeriod)
class AccountPeriodAdmin(BulkAdmin):
    visible = staticmethod(visible_periods)
    list_display = ["account", month(), "state", "period_start", "period_end", "cutoff", "stale"]
    list_filter = [MonthFilter, ("cutoff", admin.EmptyFieldListFilter), "stale"]
    search_fields = ["account__code"]
    ordering = ["-month", "account"]
    readonly_fields = ["state"]

    @display(label={"open": "info", "closed": "success"})
    def state(self, period: AccountPeriod) -> str:
        return "open" if period.cutoff is None else "closed"
