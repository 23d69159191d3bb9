"""Reconciliation's pages in the console."""

from reconciliation.admin import control_totals, findings, requests, runs, second_ratings

__all__ = ["control_totals", "findings", "requests", "runs", "second_ratings"]
