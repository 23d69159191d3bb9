from decimal import Decimal
from uuid import uuid4

import pytest

from catalogue.models import User
from invoicing.selectors.invoice_views import InvoiceNotFound, invoice_view, listed_invoices
from tests.factories.houses import head_office
from tests.factories.invoices import Line, Tax, account, draft_invoice, issued_invoice

pytestmark = pytest.mark.django_db


def test_lines_stand_by_family_and_resource_with_subtotals():
    invoice = issued_invoice(
        lines=[
            Line("1.10", family="Compute", resource="vm-1"),
            Line("2.20", family="Storage", resource="disk-1"),
            Line("3.30", family="Compute", resource="vm-2"),
            Line("4.40", family="Compute", resource="vm-1"),
            Line("-1.00", family="", resource="", sku="", kind="discount", quantity=None, unit_price=None),
        ],
        taxes=[Tax("1.90")],
    )
    view = invoice_view(invoice.pk)
    found = [
        (family.name, str(family.net_amount.normalize()), [(r.name, len(r.lines)) for r in family.resources])
        for family in view.families
    ]
    assert found == [
        ("Compute", "8.8", [("vm-1", 2), ("vm-2", 1)]),
        ("Storage", "2.2", [("disk-1", 1)]),
        ("Discounts", "-1", [("", 1)]),
    ]
    assert view.families[0].resources[0].net_amount == Decimal("5.50")
    assert (view.net_amount, view.tax_amount, view.gross_amount) == (
        Decimal("10.00"),
        Decimal("1.90"),
        Decimal("11.90"),
    )
    assert [(tax.category_label, tax.name, tax.percent) for tax in view.taxes] == [("standard", "VAT", 19)]


def test_the_parties_are_those_of_the_day_of_issue():
    customer = account(name="Old name", locale="pl_PL", timezone="Europe/Warsaw", address="One\n\nTwo ")
    invoice = issued_invoice(customer)
    customer.name, customer.locale, customer.timezone = "New name", "en", "UTC"
    customer.save()
    view = invoice_view(invoice.pk)
    assert (view.buyer.name, view.locale, view.timezone) == ("Old name", "pl_PL", "Europe/Warsaw")
    assert view.buyer.address == ("One", "Two")


@pytest.mark.parametrize("lines", [1, 200])
def test_three_queries_whatever_the_number_of_lines(lines, django_assert_num_queries):
    invoice = issued_invoice(lines=[Line("1.00", resource=f"vm-{number}") for number in range(lines)])
    with django_assert_num_queries(3):
        assert len(invoice_view(invoice.pk).families[0].resources) == lines


def test_a_draft_has_no_number():
    assert invoice_view(draft_invoice().pk).number is None


def test_an_unknown_invoice():
    with pytest.raises(InvoiceNotFound, match="no invoice with the id"):
        invoice_view(uuid4())


def test_the_list_shows_own_issued_invoices_and_which_have_a_pdf(django_assert_num_queries):
    alder, birch = head_office("north", "alder", "birch").sales_offices
    customer = User.objects.create_user("customer")
    customer.accounts.add(alder.account)
    draft_invoice(account("acct-draft", of=alder.company))
    assert [invoice.number for invoice in listed_invoices(customer)] == ["ALDER-2023-00001"]
    assert [invoice.number for invoice in listed_invoices(birch.operator)] == ["BIRCH-2023-00001"]
    with django_assert_num_queries(2):  # the reach, then the list
        (row,) = listed_invoices(customer)
        assert (row.has_pdf, row.minor_units, row.locale) == (True, 2, "en")
