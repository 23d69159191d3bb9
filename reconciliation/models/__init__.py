"""Whether the numbers agree, and what was earned."""

from reconciliation.models.control_totals import ControlDay, ControlLine, ControlTotal
from reconciliation.models.finance_totals import FinanceTotal
from reconciliation.models.findings import Finding, FindingChange
from reconciliation.models.month_closings import MonthClosing
from reconciliation.models.other_invoices import ExportMapping, OtherInvoice
from reconciliation.models.reports import ReconciliationReport
from reconciliation.models.requests import ReconciliationRequest
from reconciliation.models.runs import Discrepancy, ReconciliationRun, RunTotal
from reconciliation.models.secondary_charges import SecondaryCharge

__all__ = [
    "ControlDay",
    "ControlLine",
    "ControlTotal",
    "Discrepancy",
    "ExportMapping",
    "FinanceTotal",
    "Finding",
    "FindingChange",
    "MonthClosing",
    "OtherInvoice",
    "ReconciliationReport",
    "ReconciliationRequest",
    "ReconciliationRun",
    "RunTotal",
    "SecondaryCharge",
]
