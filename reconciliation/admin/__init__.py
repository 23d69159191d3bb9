"""Reconciliation's pages in the console."""

from reconciliation.admin import findings, runs, second_ratings

__all__ = ["findings", "runs", "second_ratings"]
