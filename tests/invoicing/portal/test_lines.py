"""The page that says why a line is what it is, on a month that was metered and billed."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import User
from invoicing.models import Invoice, InvoiceLine
from invoicing.services.bill_runs import run_bill_run
from metering.services.mediation import mediate_waiting
from tests.factories.metered import MARCH, at, metered, per_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    house = metered()
    house.price(house.product("vm", "time", "hour"), per_unit("0.05"))
    house.price(house.product("traffic"), per_unit("0.10", included=Decimal(10)))
    house.life("vm-1", at(15, 10), vm="1")
    for number, quantity in enumerate(["12.5", "7.5"], start=1):
        house.use("traffic", at(15, 10, number), quantity, resource="vm-1", id=f"record-{number}")
    house.life("vm-1", at(15, 13, 20), "decommissioned")
    mediate_waiting(now=at(2, month=4))
    run_bill_run(
        company=house.office,
        month=MARCH,
        cutoff=datetime(2026, 4, 2, tzinfo=UTC),
        issued_on=date(2026, 4, 2),
    )
    return house


@pytest.fixture
def page(house):
    customer = User.objects.create_user("customer")
    customer.accounts.add(house.account)
    client = Client()
    client.force_login(customer)
    invoice = Invoice.objects.get(account=house.account)

    def opened(sku, **query):
        position = InvoiceLine.objects.get(invoice_id=invoice.pk, sku=sku).position
        return client.get(reverse("portal:line", args=[invoice.pk, position]), query)

    return opened


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_time_is_told_stretch_by_stretch(page):
    text = words(page("vm"))
    assert "Units 3.333333 0.05 0.166666666667" in text
    assert "Rounded once 0.17" in text
    assert "Mar 15, 2026, 10:00" in text.replace("\u00a0", " ")
    assert "active 1 3.333333 created" in text


def test_usage_is_told_record_by_record(page):
    text = words(page("traffic"))
    assert "Rounded once 1.00" in text
    assert "12.5 GB 12.5 record-1" in text
    assert "7.5 GB 7.5 record-2" in text


def test_a_cursor_of_no_page_is_no_page(page):
    assert page("traffic", after="nonsense").status_code == 404
    assert page("traffic", after="\0").status_code == 200
