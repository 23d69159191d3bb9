"""Reconciliation's pages in the console."""

from reconciliation.admin import (
    control_totals,
    finance_totals,
    findings,
    month_closings,
    other_invoices,
    reconciliation_reports,
    requests,
    runs,
    second_ratings,
)

__all__ = [
    "control_totals",
    "finance_totals",
    "findings",
    "month_closings",
    "other_invoices",
    "reconciliation_reports",
    "requests",
    "runs",
    "second_ratings",
]
