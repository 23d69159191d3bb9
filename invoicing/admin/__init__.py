"""Invoicing's pages in the console."""

from invoicing.admin import bill_runs, documents, invoices, numbering

__all__ = ["bill_runs", "documents", "invoices", "numbering"]
