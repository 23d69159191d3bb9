"""Reconciliation's pages in the console."""

from reconciliation.admin import runs, second_ratings

__all__ = ["runs", "second_ratings"]
