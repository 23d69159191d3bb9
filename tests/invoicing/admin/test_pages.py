"""What pages of invoices, lines and payments say: amounts with their currency, what is left of a payment."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from catalogue.models import User
from invoicing.models import InvoiceLine
from invoicing.services.payments import record_payment
from tests.factories.invoices import Line, Tax, company, issued_invoice

pytestmark = pytest.mark.django_db
UNTAXED = [Tax("0", percent="0")]


@pytest.fixture
def root(client):
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture
def invoice():
    return issued_invoice(lines=[Line("1000.50", sku="RACK")], taxes=UNTAXED)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", response.content.decode()))


def test_a_line_names_its_invoice_and_its_currency(root, invoice):
    listed = root.get(reverse("admin:invoicing_invoiceline_changelist"), {"q": invoice.number})
    assert "1,000.50 EUR" in text_of(listed)
    assert reverse("admin:invoicing_invoice_change", args=[invoice.pk]) in listed.content.decode()
    assert "1,000.50" not in text_of(
        root.get(reverse("admin:invoicing_invoiceline_changelist"), {"q": "X-1"})
    )
    line = InvoiceLine.objects.get()
    page = text_of(root.get(reverse("admin:invoicing_invoiceline_change", args=[line.pk])))
    assert invoice.number in page
    assert "000000" not in page


def test_a_payment_says_what_it_settles_and_what_is_left(root, invoice):
    """1,200.00 came in for an invoice of 1,000.50: 199.50 settle nothing."""
    payment = record_payment(
        account=invoice.account,
        reference="bank-1",
        amount=Decimal("1200"),
        received_on=date(2023, 11, 1),
        today=date(2023, 11, 2),
        invoice=invoice,
    )
    page = text_of(root.get(reverse("admin:invoicing_payment_change", args=[payment.pk])))
    for amount in ("1,200.00 EUR", "1,000.50 EUR", "199.50 EUR"):
        assert amount in page


def test_a_filter_by_what_no_id_can_be_finds_nothing(root, invoice):
    company("FR")
    listed = root.get(reverse("admin:invoicing_invoice_changelist"), {"company__id__exact": "9" * 30})
    assert listed.status_code == 200
    assert invoice.number not in text_of(listed)


def test_columns_of_figures_stand_to_the_right(root, invoice):
    page = root.get(reverse("admin:invoicing_invoice_change", args=[invoice.pk])).content.decode()
    assert '<th class="number">Net</th>' in page
    assert "<th>SKU</th>" in page
    assert '<td data-label="net" class="number">1,000.50' in page
