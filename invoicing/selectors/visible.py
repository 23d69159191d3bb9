"""What a caller may see of invoicing."""

from django.db.models import Q, QuerySet

from catalogue.selectors.reach import Caller, may_see_cost, reach_of, within
from invoicing.models import (
    BillRun,
    BillRunAccount,
    BillRunPolicy,
    CreditNote,
    Document,
    InterCompanyDocument,
    InterCompanyLine,
    Invoice,
    InvoiceLine,
    NumberSeries,
    Payment,
)


def visible_invoices(caller: Caller) -> QuerySet[Invoice]:
    """One row an invoice of the accounts reached; drafts only for those who reach the company."""
    reach = reach_of(caller)
    invoices = Invoice.objects.select_related("company", "account")
    if reach.account_ids is not None:
        invoices = invoices.filter(state=Invoice.State.ISSUED)
    return within(invoices, reach, company="company", account="account")


def visible_lines(caller: Caller) -> QuerySet[InvoiceLine]:
    """One row a line of an invoice that is visible."""
    lines = InvoiceLine.objects.all()
    return (
        lines if reach_of(caller).all else lines.filter(invoice_id__in=visible_invoices(caller).values("pk"))
    )


def visible_documents(caller: Caller) -> QuerySet[Document]:
    """One row a file of what the caller may see; only issued invoices have files."""
    documents = Document.objects.select_related("invoice", "credit_note", "intercompany_document")
    return documents.filter(
        Q(invoice__in=visible_invoices(caller).values("pk"))
        | Q(credit_note__in=visible_credit_notes(caller).values("pk"))
        | Q(intercompany_document__in=visible_intercompany_documents(caller).values("pk"))
    )


def visible_credit_notes(caller: Caller) -> QuerySet[CreditNote]:
    """One row a credit note of the accounts reached."""
    notes = CreditNote.objects.select_related("company", "account", "invoice")
    return within(notes, reach_of(caller), company="company", account="account")


def visible_payments(caller: Caller) -> QuerySet[Payment]:
    """One row a payment of the accounts reached."""
    payments = Payment.objects.select_related("company", "account", "invoice")
    return within(payments, reach_of(caller), company="company", account="account")


def visible_bill_runs(caller: Caller) -> QuerySet[BillRun]:
    """One row the billing of a company's month."""
    return within(BillRun.objects.select_related("company"), reach_of(caller), company="company")


def visible_bill_run_accounts(caller: Caller) -> QuerySet[BillRunAccount]:
    """One row what a bill run did with an account."""
    done = BillRunAccount.objects.select_related("bill_run__company", "account")
    return within(done, reach_of(caller), company="bill_run__company")


def visible_number_series(caller: Caller) -> QuerySet[NumberSeries]:
    """One row a series of numbers of a company, kind and year."""
    return within(NumberSeries.objects.select_related("company"), reach_of(caller), company="company")


def visible_bill_run_policies(caller: Caller) -> QuerySet[BillRunPolicy]:
    """One row how a company's months are billed."""
    return within(BillRunPolicy.objects.select_related("company"), reach_of(caller), company="company")


def visible_intercompany_documents(caller: Caller) -> QuerySet[InterCompanyDocument]:
    """One row a document of a head office to a sales office; it is cost, for those who may see that."""
    documents = InterCompanyDocument.objects.select_related("head_office", "sales_office")
    seen = within(documents, reach_of(caller), company="sales_office")
    return seen if may_see_cost(caller) else seen.none()


def visible_intercompany_lines(caller: Caller) -> QuerySet[InterCompanyLine]:
    """One row a line of a document that is visible."""
    return InterCompanyLine.objects.filter(
        document_id__in=visible_intercompany_documents(caller).values("pk")
    )
