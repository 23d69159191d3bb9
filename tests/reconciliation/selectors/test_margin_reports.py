"""Margin by every dimension adds up to rule 9; corrections restate a month, and keep what was."""

from datetime import date
from decimal import Decimal

import pytest

from catalogue.models import Company, ExchangeRate, Scope, User
from catalogue.services.api_keys import create_api_key
from reconciliation.domain.margin_reports import DIMENSIONS
from reconciliation.selectors.margin import margin_of
from reconciliation.selectors.margin_reports import MarginQuestion, latest_month, margin_tables
from tests.factories.houses import MONTH, head_office, operator_of
from tests.factories.stories import told

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


@pytest.fixture
def root():
    return User.objects.create_superuser("root")


def ask(caller, by, **how):
    question = {"first_month": JANUARY, "last_month": JANUARY} | how
    return margin_tables(caller, [MarginQuestion(by=by, **question)])[0]


def figures(rows):
    return [(row.key, str(row.margin.revenue), str(row.margin.cost), str(row.margin.margin)) for row in rows]


def test_two_books(root):
    """EC102: 744 * 0.09 = 66.96, 744 * 0.052 = 38.688 -> 38.69, 28.27 or 42.22 percent."""
    told("margin-two-books")
    table = ask(root, "product")
    total = table.totals[0].margin
    assert (total.revenue, total.cost, total.margin) == (
        Decimal("66.96"),
        Decimal("38.69"),
        Decimal("28.27"),
    )
    assert total.percent == Decimal("42.22")
    assert table.rounding == ()


def test_parts_are_converted_unrounded_and_rounding_is_a_row(root):
    """EC103: three invoices of 66.96 EUR at 1.0845 are 72.61812 -> 72.62 each: 217.86, not 217.85."""
    told("margin-two-currencies")
    table = ask(root, "product")
    assert figures(table.rows) == [("VM", "217.854360", "116.070000", "101.784360")]
    assert figures(table.rounding) == [("rounding", "0.005640", "0.000000", "0.005640")]
    assert [(row.margin.revenue, row.margin.cost) for row in table.totals] == [
        (Decimal("217.86"), Decimal("116.07"))
    ]
    assert table.totals[0].margin.percent == Decimal("46.72")
    by_account = ask(root, "account")
    assert [row.key for row in by_account.rows] == ["ACME", "BETA", "GAMMA"]
    assert {row.margin.revenue for row in by_account.rows} == {Decimal("72.62")}
    assert by_account.rounding == ()


def test_a_rate_listed_later_changes_nothing(root):
    """EC94: the invoice keeps the rate of its day of issue when one is listed for it afterwards."""
    told("margin-two-currencies")
    ExchangeRate.objects.create(
        rated_on=date(2026, 2, 3), base_id="EUR", quote_id="USD", rate=Decimal("9.99"), source="late"
    )
    assert ask(root, "all").totals[0].margin.revenue == Decimal("217.86")
    assert margin_of(company=Company.objects.get(code="DE1"), month=JANUARY).revenue == Decimal("217.86")


def test_the_office_s_own_currency(root):
    """66.96 EUR an account; 38.69 USD cost / 1.0845 = 35.675427 -> 35.68 EUR; three accounts."""
    told("margin-two-currencies")
    (total,) = ask(root, "account", currency="local").totals
    assert total.currency == "EUR"
    assert (total.margin.revenue, total.margin.cost) == (Decimal("200.88"), Decimal("107.04"))


def test_a_free_allowance_earns_less_than_nothing(root):
    """EC104: revenue 0, cost 38.69."""
    told("margin-free-allowance")
    assert figures(ask(root, "resource").rows) == [("vm-1", "0.000000", "38.690000", "-38.690000")]
    assert ask(root, "resource").rows[0].margin.percent is None


def test_a_corrected_cost_restates_the_month_and_keeps_what_was_closed(root):
    """EC105: 744 * 0.055 = 40.92: margin 26.04 where 28.27 was closed, a restatement of -2.23."""
    told("margin-cost-corrected", until="timeline[5]")
    closed, known = (ask(root, "month", basis=basis).totals[0].margin for basis in ("closed", "known"))
    assert (closed.cost, closed.margin) == (Decimal("38.69"), Decimal("28.27"))
    assert (known.cost, known.margin) == (Decimal("40.92"), Decimal("26.04"))
    assert known.margin - closed.margin == Decimal("-2.23")


def test_the_next_month_carries_the_correction_as_billed(root):
    """February as billed has 36.96 + 2.23 = 39.19 cost; as now known only its own 36.96."""
    told("margin-cost-corrected")
    both = {"first_month": JANUARY, "last_month": FEBRUARY}
    billed = ask(root, "month", **both)
    assert figures(billed.rows) == [
        ("2026-01", "66.960000", "38.690000", "28.270000"),
        ("2026-02", "60.480000", "39.190000", "21.290000"),
    ]
    known = ask(root, "month", basis="known", **both)
    assert figures(known.rows) == [
        ("2026-01", "66.960000", "40.920000", "26.040000"),
        ("2026-02", "60.480000", "36.960000", "23.520000"),
    ]
    assert figures(ask(root, "month", basis="closed", **both).rows)[0][3] == "28.270000"


@pytest.mark.parametrize("slug", ["late-suspend", "late-suspend-credit-note"])
def test_a_late_event_restates_the_month_that_it_corrects(root, slug):
    """As billed, a correction counts on its invoice, and a credit note in its invoice's month."""
    told(slug)
    month = latest_month(root)
    question = {"first_month": date(2025, 1, 1), "last_month": month}
    for basis in ("billed", "known"):
        by_month = ask(root, "month", basis=basis, **question)
        assert sum(row.margin.revenue for row in by_month.rows) == by_month.totals[0].margin.revenue
    whole = [ask(root, "all", basis=basis, **question).totals[0].margin for basis in ("billed", "known")]
    assert whole[0] == whole[1]
    closed = ask(root, "all", basis="closed", **question).totals[0].margin
    assert closed.revenue > whole[0].revenue


def test_a_credit_note_lowers_its_month_and_not_what_was_closed():
    """72.25 billed, 2.25 credited, 31.75 cost."""
    alder = head_office("north", "alder", "birch").sales_offices[0]
    question = {"first_month": MONTH, "last_month": MONTH}
    for by in DIMENSIONS:
        billed = ask(alder.operator, by, **question)
        assert [figures([row])[0][1:3] for row in billed.rows] == [("70.000000", "31.750000")], by
    closed = ask(alder.operator, "product", basis="closed", **question)
    assert figures(closed.rows) == [("VM", "72.250000", "31.750000", "40.500000")]
    assert latest_month(alder.operator) == MONTH


def test_narrowed_to_one_product_account_or_family(root):
    told("margin-two-currencies")
    assert ask(root, "product", account="BETA").totals[0].margin.revenue == Decimal("72.62")
    assert ask(root, "product", product="OTHER").totals == ()
    assert ask(root, "account", country="DE").totals[0].margin.revenue == Decimal("217.86")


def test_cost_is_for_those_who_may_see_it():
    north = head_office("north", "alder", "birch")
    question = {"first_month": MONTH, "last_month": MONTH}
    support = operator_of(north.company, "support")
    rows = ask(support, "company", **question).rows
    assert {(row.key, row.margin.cost) for row in rows} == {
        (c, Decimal(0)) for c in ("north", "alder", "birch")
    }
    operator = ask(north.operator, "company", **question).rows
    assert {(row.key, row.margin.cost) for row in operator} == {
        ("north", Decimal(0)),
        ("alder", Decimal("31.75")),
        ("birch", Decimal("31.75")),
    }


def test_an_office_sees_its_own_and_a_customer_nothing():
    north = head_office("north", "alder", "birch")
    alder = north.sales_offices[0]
    question = {"first_month": MONTH, "last_month": MONTH}
    assert [row.key for row in ask(alder.operator, "company", **question).rows] == ["alder"]
    customer = User.objects.create_user("customer")
    customer.accounts.add(alder.account)
    assert ask(customer, "company", **question).rows == ()
    key, _ = create_api_key(
        name="k", company=alder.company, account=alder.account, scopes=[Scope.BILLING_READ.value]
    )
    assert ask(key, "company", **question).rows == ()
