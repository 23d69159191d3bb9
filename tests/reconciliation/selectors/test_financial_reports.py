"""Reports for finance add up to the documents that they are made of."""

from datetime import date
from decimal import Decimal

import pytest

from catalogue.models import User
from invoicing.models import Invoice
from reconciliation.selectors.financial_reports import (
    aged_debt_report,
    deferred_report,
    revenue_report,
    tax_report,
)
from tests.factories.houses import MONTH, head_office
from tests.factories.stories import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return User.objects.create_superuser("root")


def test_revenue_is_what_invoices_bill_less_credit_notes():
    """72.25 billed and 2.25 credited in each of two offices."""
    north = head_office("north", "alder", "birch")
    months = {"first_month": MONTH, "last_month": MONTH}
    rows = revenue_report(north.operator, **months)
    assert [(row.company, row.sku, row.country, row.currency, row.net) for row in rows] == [
        (word, "VM", "US", "USD", Decimal("70.00")) for word in ("alder", "birch", "north")
    ]
    assert (rows[0].invoiced, rows[0].credited) == (Decimal("72.25"), Decimal("2.25"))
    alder = north.sales_offices[0].operator
    assert [row.company for row in revenue_report(alder, **months)] == ["alder"]
    assert revenue_report(alder, **months, company="birch") == []


def test_a_discount_has_no_product_and_every_line_counts(root):
    told("promo-two-tax-rates")
    invoices = Invoice.objects.filter(state="issued")
    month = invoices.earliest("month").month
    rows = revenue_report(root, first_month=month, last_month=invoices.latest("month").month)
    assert sum(row.net for row in rows) == sum(invoice.net_amount for invoice in invoices)
    assert sum(row.net for row in rows if not row.sku) < 0


def test_taxes_by_rate(root):
    """300.00 and 8180.00: 5 % is 15.00 + 409.00; 9.975 % is 29.93 + 815.96, each rounded on its document."""
    told("tax-two-taxes")
    months = {"first_month": date(2026, 4, 1), "last_month": date(2026, 4, 1)}
    rows = [row for row in tax_report(root, **months) if row.country == "CA"]
    assert [(row.percent, row.taxable, row.tax) for row in rows] == [
        (Decimal(5), Decimal("8480.00"), Decimal("424.00")),
        (Decimal("9.975"), Decimal("8480.00"), Decimal("845.89")),
    ]
    before = {"first_month": date(2026, 3, 1), "last_month": date(2026, 3, 1)}
    assert tax_report(root, **before) == []


def test_credit_notes_lower_the_tax_of_the_month_in_which_they_are_issued():
    """7.23 invoiced, 2.25 * 10 % = 0.225 -> 0.23 credited."""
    alder = head_office("north", "alder").sales_offices[0]
    months = {"first_month": date(2023, 10, 1), "last_month": date(2023, 10, 1)}
    (row,) = tax_report(alder.operator, **months)
    assert (row.invoiced_tax, row.credited_tax, row.tax) == (
        Decimal("7.23"),
        Decimal("0.23"),
        Decimal("7.00"),
    )
    assert row.taxable == Decimal("70.00")


def test_an_annual_fee_is_earned_by_day_until_it_is_cancelled(root):
    """32 days by 10 February: 730 * 333 / 365 = 666.00 left; of 82.00, as credited, 9 of 41 days: 18.00."""
    told("order-annual-cancelled")
    rows = deferred_report(root, on=date(2026, 2, 10))
    assert [(row.account, row.order_code, row.billed, row.deferred(date(2026, 2, 10))) for row in rows] == [
        ("NEXT", "o1", Decimal("730.00"), Decimal("666.00")),
        ("NOTE", "o2", Decimal("82.00"), Decimal("18.00")),
    ]
    assert deferred_report(root, on=date(2026, 1, 31)) == []
    assert deferred_report(root, on=date(2026, 3, 3)) == []


def test_a_cancelled_fee_stays_deferred_until_the_correction_is_issued(root):
    """It ended on 20 February and is corrected on 3 March: 730 * 314 / 365 = 628.00 on 1 March."""
    told("order-annual-cancelled")
    rows = [row for row in deferred_report(root, on=date(2026, 3, 1)) if row.account == "NEXT"]
    assert [(row.ends_on, row.deferred(date(2026, 3, 1))) for row in rows] == [
        (date(2027, 1, 10), Decimal("628.00"))
    ]


@pytest.mark.parametrize(
    ("on", "bucket"),
    [
        (date(2023, 10, 31), "not_due"),
        (date(2023, 11, 1), "days_1_to_30"),
        (date(2023, 11, 30), "days_1_to_30"),
        (date(2023, 12, 1), "days_31_to_60"),
        (date(2024, 1, 29), "days_61_to_90"),
        (date(2024, 1, 30), "days_over_90"),
    ],
)
def test_debt_grows_older(on, bucket):
    """Due on 31 October: 79.48 less 10.00 paid and 2.48 credited is 67.00."""
    alder = head_office("north", "alder", "birch").sales_offices[0]
    (row,) = aged_debt_report(alder.operator, on=on)
    buckets = ("not_due", "days_1_to_30", "days_31_to_60", "days_61_to_90", "days_over_90")
    assert {name: getattr(row, name) for name in buckets if getattr(row, name)} == {bucket: Decimal("67.00")}
    assert (row.account, row.due, row.unapplied) == ("alder-1", Decimal("67.00"), Decimal(0))


def test_what_was_paid_too_much_is_unapplied_and_what_came_later_does_not_count(root):
    told("payment-over")
    later = aged_debt_report(root, on=date(2030, 1, 1))
    assert sum(row.due for row in later) == 0
    assert sum(row.unapplied for row in later) > 0
    issued_on = Invoice.objects.earliest("issued_on").issued_on
    (before,) = aged_debt_report(root, on=issued_on)
    assert (before.not_due, before.unapplied) == (before.due, Decimal(0))
    assert before.due > 0
