"""Whether the numbers agree, and what was earned."""

from reconciliation.models.finance_totals import FinanceTotal
from reconciliation.models.findings import Finding, FindingChange
from reconciliation.models.runs import Discrepancy, ReconciliationRun, RunTotal
from reconciliation.models.secondary_charges import SecondaryCharge

__all__ = [
    "Discrepancy",
    "FinanceTotal",
    "Finding",
    "FindingChange",
    "ReconciliationRun",
    "RunTotal",
    "SecondaryCharge",
]
