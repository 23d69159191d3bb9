"""The monthly act of billing."""

from django.contrib import admin
from unfold.decorators import display

from billing_site.common.admin import BulkAdmin, ConsoleAdmin, MonthFilter, VisibleChoices, month
from invoicing.admin.bill_run_pages import STATE_LOOKS, BillRunPages
from invoicing.models import BillRun, BillRunAccount, BillRunPolicy
from invoicing.selectors.visible import (
    visible_bill_run_accounts,
    visible_bill_run_policies,
    visible_bill_runs,
)


@admin.register(BillRun)
class BillRunAdmin(BillRunPages):
    visible = staticmethod(visible_bill_runs)
    list_display = ["company", month(), "cutoff", "issued_on", "shown_state", "requested_by", "approved_by"]
    list_filter = [("company", VisibleChoices), MonthFilter, "state"]

    @display(description="state", ordering="state", label=STATE_LOOKS)
    def shown_state(self, run: BillRun) -> str:
        return BillRun.State(run.state).label


@admin.register(BillRunAccount)
class BillRunAccountAdmin(BulkAdmin):
    visible = staticmethod(visible_bill_run_accounts)
    list_display = ["account", "bill_run", "shown_state", "reason"]
    list_filter = ["state", ("bill_run", VisibleChoices)]
    search_fields = ["account__code"]
    fields = [("account", "bill_run", "shown_state"), "reason"]
    readonly_fields = ["shown_state"]

    @display(
        description="state",
        ordering="state",
        label={
            **dict.fromkeys(["pending", "drafted", "nothing to bill"], "info"),
            "issued": "success",
            "parked": "warning",
        },
    )
    def shown_state(self, done: BillRunAccount) -> str:
        return BillRunAccount.State(done.state).label


@admin.register(BillRunPolicy)
class BillRunPolicyAdmin(ConsoleAdmin):
    visible = staticmethod(visible_bill_run_policies)
    list_display = [
        *("company", "billing_day", "is_automatic", "needs_approval", "stops_on_warnings"),
        "parks_incomplete",
    ]
    fixed_fields = ["company"]
