"""An invoice of 100,000 lines. It takes a while: SLOW_TESTS=1 runs it."""

import os
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from catalogue.models import Account, Product, User
from invoicing.models import Invoice, InvoiceLine, InvoiceTax
from invoicing.services.documents import render_document
from metering.models import AccountPeriod, Charge
from tests.factories.bill_runs import CUTOFF, MARCH, bill, office

LINES = 100_000
START, END = datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC)


@pytest.mark.skipif("SLOW_TESTS" not in os.environ, reason="takes a while: SLOW_TESTS=1")
@pytest.mark.django_db
def test_an_invoice_of_a_hundred_thousand_lines(client):
    """It is issued, told by product in its PDF with every line in a file inside, and read page by page."""
    company = office(accounts=["a"])
    account, product = Account.objects.get(), Product.objects.get()
    Charge.objects.bulk_create(
        (
            Charge(
                side="sell",
                company_id=company.pk,
                account_id=account.pk,
                month=MARCH,
                service_month=MARCH,
                resource_id=number,
                product_id=product.pk,
                currency="EUR",
                service_start=START,
                service_end=END,
                quantity=1,
                amount=Decimal("0.01"),
                net_amount=Decimal("0.01"),
            )
            for number in range(LINES)
        ),
        batch_size=5_000,
    )
    AccountPeriod.objects.create(
        account=account, month=MARCH, period_start=START, period_end=END, cutoff=CUTOFF, stale=False
    )
    assert bill(company).state == "issued"
    invoice = Invoice.objects.get()
    assert (invoice.net_amount, invoice.tax_amount, invoice.gross_amount) == (1000, 190, 1190)
    assert InvoiceLine.objects.filter(invoice_id=invoice.pk).count() == LINES
    assert InvoiceTax.objects.get().taxable_amount == 1000
    with render_document(owner="invoice", key=invoice.pk).file.open() as file:
        pdf = PdfReader(BytesIO(file.read()))
    assert len(pdf.pages) == 1
    assert "This document has 100,000 lines." in " ".join(pdf.pages[0].extract_text().split())
    (lines,) = pdf.attachments["lines.csv"]
    assert lines.count(b"\n") == LINES + 1
    customer = User.objects.create_user("customer")
    customer.accounts.add(account)
    client.force_login(customer)
    page = client.get(f"/invoices/{invoice.pk}/")
    assert page.status_code == 200
    assert len(page.content) < 300_000
