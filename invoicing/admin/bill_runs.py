"""The monthly act of billing."""

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from unfold.decorators import display

from billing_site.common.admin import (
    BulkAdmin,
    MonthFilter,
    ReadOnlyAdmin,
    Table,
    VisibleChoices,
    month,
    show_money,
)
from invoicing.models import BillRun, BillRunAccount
from invoicing.selectors.totals import totals_by_currency
from invoicing.selectors.visible import visible_bill_run_accounts, visible_bill_runs, visible_invoices


@admin.register(BillRun)
class BillRunAdmin(ReadOnlyAdmin):
    visible = staticmethod(visible_bill_runs)
    list_display = ["company", month(), "cutoff", "issued_on", "shown_state"]
    list_filter = [("company", VisibleChoices), MonthFilter, "state"]
    fields = [("company", month()), ("cutoff", "issued_on", "shown_state")]
    readonly_fields = ["shown_state"]

    @display(description="state", ordering="state", label={"waits for a worker": "info", "issued": "success"})
    def shown_state(self, run: BillRun) -> str:
        return BillRun.State(run.state).label

    def tables(self, request: HttpRequest, row: BillRun) -> list[Table]:
        states = row.accounts.order_by("state").values_list("state").annotate(n=Count("pk"))
        invoices = visible_invoices(self.person(request)).filter(company=row.company_id, month=row.month)
        totals = [
            (
                total.currency,
                total.invoices,
                *(show_money(amount, total.currency) for amount in total.amounts),
            )
            for total in totals_by_currency(invoices)
        ]
        return [
            Table("Accounts", ["state", "accounts"], [(BillRunAccount.State(s).label, n) for s, n in states]),
            Table("Invoices of this month", ["currency", "invoices", "net", "tax", "gross"], totals),
        ]


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
        label={"issued": "success", "nothing to bill": "info", "parked": "warning"},
    )
    def shown_state(self, done: BillRunAccount) -> str:
        return BillRunAccount.State(done.state).label
