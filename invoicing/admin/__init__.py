"""Invoicing's pages in the console."""

from invoicing.admin import bill_runs, credit_notes, documents, intercompany, invoices, numbering, payments

__all__ = ["bill_runs", "credit_notes", "documents", "intercompany", "invoices", "numbering", "payments"]
