"""Whether the numbers agree, and what was earned."""

from reconciliation.models.runs import Discrepancy, ReconciliationRun

__all__ = ["Discrepancy", "ReconciliationRun"]
