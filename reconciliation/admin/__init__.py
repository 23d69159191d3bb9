"""Reconciliation's pages in the console."""

from reconciliation.admin import runs

__all__ = ["runs"]
