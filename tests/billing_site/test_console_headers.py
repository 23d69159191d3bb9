"""What the header of each page of the console says, and leads back to."""

import re

import pytest

from catalogue.models import User
from invoicing.models import BillRun, Invoice
from metering.models import Order
from tests.factories.houses import head_office

pytestmark = pytest.mark.django_db


def crumbs_of(response):
    """What the header of a page says, from the left to the right."""
    header = re.search("<h1.*?</h1>", response.content.decode(), re.S).group()
    parts = re.findall(r"<(?:a|span)[^>]*truncate[^>]*>(.*?)</(?:a|span)>", header, re.S)
    return [part.strip() for part in parts]


def test_the_header_says_where_a_page_is(client):
    head_office("north", "alder")
    client.force_login(User.objects.create_superuser("root"))
    invoice, order = Invoice.objects.filter(state="issued").first(), Order.objects.first()
    run = BillRun.objects.first()
    for address, said in {
        "/console/invoicing/payment/statement/": ["Invoicing", "Payments", "Statement of an account"],
        "/console/invoicing/payment/record/": ["Invoicing", "Payments", "Record a payment"],
        "/console/invoicing/invoice/pro-forma/": ["Invoicing", "Invoices", "Pro forma invoice of an account"],
        "/console/invoicing/billrun/add/": ["Invoicing", "Bill runs", "Start a bill run"],
        f"/console/invoicing/billrun/{run.pk}/change/": ["Invoicing", "Bill runs", str(run)],
        f"/console/invoicing/invoice/{invoice.pk}/credit/": ["Invoicing", "Invoices", str(invoice), "Credit"],
        "/console/metering/order/upload/": ["Metering", "Orders", "Upload orders"],
        f"/console/metering/order/{order.pk}/change/": ["Metering", "Orders", order.code],
        f"/console/metering/order/{order.pk}/cancel/": ["Metering", "Orders", order.code, "Cancel"],
        "/console/reports/revenue/": ["Revenue"],
    }.items():
        assert crumbs_of(client.get(address)) == said
