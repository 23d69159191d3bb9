"""Pages of the console that belong to no model: reports."""

from django.contrib import admin
from django.urls import path

from reconciliation.admin.financial_reports import AgedDebtPage, DeferredPage, RevenuePage, TaxPage
from reconciliation.admin.margin import MarginPage
from reconciliation.admin.month_closings import MonthClosePage, take_step
from reconciliation.admin.reconciliation_reports import ReconciliationReportPage
from reconciliation.admin.what_if import WhatIfPage, draft

urlpatterns = [
    path("reports/month-end/", admin.site.admin_view(MonthClosePage()), name="month_close"),
    path("reports/month-end/step/", admin.site.admin_view(take_step), name="month_close_step"),
    path("reports/revenue/", admin.site.admin_view(RevenuePage()), name="revenue"),
    path("reports/tax/", admin.site.admin_view(TaxPage()), name="tax"),
    path("reports/deferred-revenue/", admin.site.admin_view(DeferredPage()), name="deferred_revenue"),
    path("reports/aged-debt/", admin.site.admin_view(AgedDebtPage()), name="aged_debt"),
    path(
        "reports/reconciliation/",
        admin.site.admin_view(ReconciliationReportPage()),
        name="reconciliation_report",
    ),
    path("reports/margin/", admin.site.admin_view(MarginPage()), name="margin"),
    path("reports/what-if/", admin.site.admin_view(WhatIfPage()), name="what_if"),
    path("reports/what-if/draft/", admin.site.admin_view(draft), name="what_if_draft"),
]
