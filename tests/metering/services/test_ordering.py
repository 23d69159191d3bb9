"""Placing and cancelling: idempotent, refused in sentences, and what each makes of the months."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from catalogue.domain.price_models import PerUnit
from catalogue.domain.terms import PriceTerms
from catalogue.models import Account, Company, Product
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from catalogue.services.prices import enter_price
from invoicing.models import Invoice, InvoiceLine
from invoicing.services.bill_runs import run_bill_run
from metering.models import AccountPeriod, Charge, EventException, Order
from metering.selectors.live_charges import month_to_date
from metering.services.ordering import CannotOrder, OrderDiffers, cancel_order, place_order
from metering.services.rating import rate_stale_periods

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, tzinfo=UTC)
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
START = date(2026, 2, 15)


@pytest.fixture
def account() -> Account:
    """A customer in Berlin, below a head office; plans in arrears and in advance, a domain, a set-up."""
    head = open_company(code="HQ", name="Head", country="US", currency="USD", timezone="UTC")
    office = open_company(
        code="DE", name="Office", country="DE", currency="EUR", timezone="Europe/Berlin", parent=head
    )
    products: dict[str, dict[str, Any]] = {
        "PLAN": {"kind": "recurring", "cycle": "monthly"},
        "AHEAD": {"kind": "recurring", "cycle": "monthly", "in_advance": True},
        "DOMAIN": {"kind": "recurring", "cycle": "annual", "in_advance": True},
        "SETUP": {"kind": "one_time"},
        "VM": {"kind": "time"},
    }
    for sku, columns in products.items():
        Product.objects.create(sku=sku, unit="each", **columns)
    return open_account(code="ACME", company=office)


def place(account: Account, code: str = "o1", sku: str = "PLAN", **other: Any) -> Order:
    values: dict[str, Any] = {"started_on": START, "unit_price": Decimal("28.00"), "now": NOW} | other
    return place_order(account=account, code=code, product=Product.objects.get(sku=sku), **values)


def bill(month: date) -> Invoice | None:
    after = date(month.year, month.month + 1, 2)
    cutoff = datetime(after.year, after.month, after.day, tzinfo=UTC)
    run_bill_run(company=Company.objects.get(code="DE"), month=month, cutoff=cutoff, issued_on=after)
    return Invoice.objects.filter(month=month).first()


def lines(invoice: Invoice | None) -> list[tuple[str, str, str, str, str]]:
    assert invoice is not None
    return [
        (
            *(line.kind, line.resource, f"{line.service_start:%m-%d %H}", f"{line.service_end:%m-%d %H}"),
            f"{line.net_amount:.2f}",
        )
        for line in InvoiceLine.objects.filter(invoice_id=invoice.pk).order_by("position")
    ]


def test_the_same_order_again_changes_nothing(account):
    order = place(account)
    rate_stale_periods(as_of=NOW)
    periods = list(AccountPeriod.objects.values())

    assert place(account, quantity=Decimal("1.0")).pk == order.pk
    assert Order.objects.count() == 1
    assert list(AccountPeriod.objects.values()) == periods


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"quantity": Decimal(2)}, "quantity 1, not 2"),
        ({"started_on": date(2026, 2, 16)}, "started_on 2026-02-15, not 2026-02-16"),
        ({"unit_price": None}, "unit_price 28, not None"),
        ({"sku": "AHEAD"}, "product PLAN, not AHEAD"),
        ({"ended_on": date(2026, 9, 1)}, "ends on None: cancel it"),
    ],
)
def test_another_order_under_its_code_is_refused(account, other, sentence):
    place(account)

    with pytest.raises(OrderDiffers, match=sentence):
        place(account, **other)


def test_two_accounts_may_use_one_code(account):
    other = open_account(code="OTHER", company=account.company)

    assert place(account).pk != place(other).pk


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sku": "VM"}, "product"),
        ({"code": ""}, "code"),
        ({"quantity": Decimal(0)}, "quantity"),
        ({"quantity": Decimal("0.0000000000001")}, "quantity"),
        ({"unit_price": Decimal(-1)}, "unit_price"),
        ({"ended_on": date(2026, 2, 14)}, "ended_on"),
        ({"charged_from": date(2026, 2, 14)}, "charged_from"),
        ({"started_on": date(1, 1, 1)}, "started_on"),
        ({"ended_on": date(9999, 12, 31)}, "ended_on"),
    ],
)
def test_what_could_not_be_charged_is_refused(account, wrong, field):
    with pytest.raises(CannotOrder) as refusal:
        place(account, **wrong)

    assert refusal.value.field == field
    assert refusal.value.sentence.endswith(".")
    assert not Order.objects.exists()


def test_a_product_that_is_not_sold_any_more_is_refused(account):
    Product.objects.filter(sku="PLAN").update(ended_at=datetime(2026, 2, 1, tzinfo=UTC))

    with pytest.raises(CannotOrder, match="PLAN is not sold any more since 2026-02-01"):
        place(account)


def test_months_in_which_a_cycle_is_due_are_opened_and_rated_for_an_account_with_orders_only(account):
    place(account)
    place(account, "o2", "DOMAIN")

    assert rate_stale_periods(as_of=NOW) == 1
    # February of PLAN is due on 1 March, its March not by now; the year of DOMAIN was due on 15 February
    assert list(AccountPeriod.objects.values_list("month", "stale")) == [(FEBRUARY, False)]
    charged = Charge.objects.filter(side="sell").order_by("order_id")
    assert [(str(one.service_month), f"{one.net_amount:.2f}") for one in charged] == [
        ("2026-02-01", "14.00"),
        ("2026-02-01", "28.00"),
    ]


def test_the_month_to_date_has_what_is_due_by_now(account):
    place(account, sku="AHEAD")
    live = month_to_date(account=account, month=FEBRUARY, as_of=datetime(2026, 2, 20, tzinfo=UTC)).charges()
    whole = month_to_date(account=account, month=FEBRUARY, as_of=datetime(2026, 3, 1, tzinfo=UTC)).charges()

    assert [(one.resource, one.amount) for one in live] == [("o1", Decimal(14))]
    assert [one.amount for one in whole] == [Decimal(14), Decimal(28)]
    assert whole[1].service_start == datetime(2026, 2, 28, 23, tzinfo=UTC)


def test_an_order_placed_into_a_closed_month_is_a_charge_of_the_next_invoice(account):
    place(account, "o1")
    bill(FEBRUARY)
    place(account, "o2", now=datetime(2026, 3, 5, tzinfo=UTC))
    rate_stale_periods(as_of=NOW)

    assert lines(bill(MARCH)) == [
        ("charge", "o1", "02-28 23", "03-31 22", "28.00"),
        ("charge", "o2", "02-14 23", "02-28 23", "14.00"),
        ("charge", "o2", "02-28 23", "03-31 22", "28.00"),
    ]


def test_a_cancellation_gives_back_by_cycle_and_twice_gives_back_once(account):
    order = place(account, sku="AHEAD")
    bill(FEBRUARY)
    for _ in range(2):
        cancel_order(order=order, ended_on=date(2026, 2, 22), now=NOW)
        rate_stale_periods(as_of=NOW)

    # 7 days of February are left, and nothing of March
    assert lines(bill(MARCH)) == [
        ("correction", "o1", "01-31 23", "02-28 23", "-7.00"),
        ("correction", "o1", "02-28 23", "03-31 22", "-28.00"),
    ]


def test_a_cancellation_may_move(account):
    order = place(account, sku="AHEAD")
    cancel_order(order=order, ended_on=date(2026, 2, 22), now=NOW)
    rate_stale_periods(as_of=NOW)
    cancel_order(order=order, ended_on=date(2026, 3, 16), now=NOW)
    rate_stale_periods(as_of=NOW)

    charged = Charge.objects.filter(side="sell").order_by("cycle_start")
    assert [f"{one.net_amount:.2f}" for one in charged] == ["14.00", "13.55"]


def test_a_yearly_fee_in_arrears_that_ends_early_is_due_at_once(account):
    Product.objects.filter(sku="DOMAIN").update(in_advance=False)
    order = place(account, sku="DOMAIN", started_on=date(2025, 12, 20), unit_price=Decimal("365.00"))
    bill(FEBRUARY)
    cancel_order(order=order, ended_on=date(2026, 2, 18), now=NOW)
    rate_stale_periods(as_of=NOW)

    # 60 days; due on 18 February, whose month is closed: on the first invoice that is issued after that
    assert lines(bill(MARCH)) == [("charge", "o1", "12-19 23", "02-17 23", "60.00")]


@pytest.mark.parametrize(
    ("sku", "ended_on", "sentence"),
    [
        ("PLAN", date(2026, 2, 14), "starts on 2026-02-15: it cannot end on 2026-02-14"),
        ("SETUP", date(2026, 2, 20), "charged once, on its day: credit its invoice line instead"),
    ],
)
def test_an_end_that_an_order_cannot_have_is_refused(account, sku, ended_on, sentence):
    order = place(account, sku=sku)

    with pytest.raises(CannotOrder, match=sentence):
        cancel_order(order=order, ended_on=ended_on, now=NOW)


def test_an_order_without_a_price_is_an_exception_until_there_is_one(account):
    place(account, unit_price=None)
    assert bill(FEBRUARY) is None

    found = EventException.objects.get(closed_at=None)
    assert (found.kind, found.resource, found.sku) == ("no_price", "o1", "PLAN")


def test_a_price_from_the_first_of_a_month_reaches_the_cycle_in_advance_of_the_month_before(account):
    place(account, sku="AHEAD", started_on=MARCH, unit_price=None)
    bill(FEBRUARY)
    enter_price(
        company=account.company,
        product=Product.objects.get(sku="AHEAD"),
        currency=account.currency,
        terms=PriceTerms(PerUnit(Decimal(31))),
        valid_from=datetime(2026, 2, 28, 23, tzinfo=UTC),
        entered_at=NOW,
    )
    rate_stale_periods(as_of=NOW)

    assert not EventException.objects.filter(closed_at=None).exists()
    assert lines(bill(MARCH))[0] == ("charge", "o1", "02-28 23", "03-31 22", "31.00")


def test_an_order_is_replaced_on_its_first_day(account):
    free = place(account, "free", unit_price=Decimal(0))
    cancel_order(order=free, ended_on=START, now=NOW)
    place(account, "paid", unit_price=Decimal("30.00"))

    assert lines(bill(FEBRUARY)) == [
        ("charge", "free", "02-14 23", "02-15 23", "0.00"),
        ("charge", "paid", "02-14 23", "02-28 23", "15.00"),
    ]
