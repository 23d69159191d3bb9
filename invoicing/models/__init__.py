"""What was billed, taxed and documented."""

from invoicing.models.bill_runs import BillRun, BillRunAccount, BillRunPolicy, BillRunWarning
from invoicing.models.credit_notes import CreditNote, CreditNoteLine, CreditNoteTax
from invoicing.models.documents import Document
from invoicing.models.intercompany import InterCompanyDocument, InterCompanyLine
from invoicing.models.invoices import Invoice, InvoiceLine, InvoiceTax
from invoicing.models.numbering import NumberSeries
from invoicing.models.payments import Payment, PaymentAllocation
from invoicing.models.redemptions import Redemption

__all__ = [
    "BillRun",
    "BillRunAccount",
    "BillRunPolicy",
    "BillRunWarning",
    "CreditNote",
    "CreditNoteLine",
    "CreditNoteTax",
    "Document",
    "InterCompanyDocument",
    "InterCompanyLine",
    "Invoice",
    "InvoiceLine",
    "InvoiceTax",
    "NumberSeries",
    "Payment",
    "PaymentAllocation",
    "Redemption",
]
