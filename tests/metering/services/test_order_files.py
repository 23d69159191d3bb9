"""An existing customer base by CSV: all or nothing, every line told, idempotent."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest

from billing_site.common.tables import TableRefused
from catalogue.models import Account, Product
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from metering.models import AccountPeriod, Charge, Order
from metering.services.order_files import StoredOrders, import_orders
from metering.services.rating import rate_stale_periods

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 10, tzinfo=UTC)
HEADING = "account,code,sku,quantity,started_on,ended_on,charged_from,unit_price\n"
BASE = (
    HEADING + "ACME,o1,PLAN,2,2019-05-10,,2026-03-01,10.50\n"
    "ACME,o2,DOMAIN,,2019-05-10,,2026-05-10,\n"
    "BETA,o1,PLAN,1,2026-03-16,2026-04-01,,\n"
)


@pytest.fixture(autouse=True)
def house():
    office = open_company(code="DE", name="Office", country="DE", currency="EUR", timezone="Europe/Berlin")
    open_account(code="ACME", company=office)
    open_account(code="BETA", company=office)
    Product.objects.create(sku="PLAN", unit="month", kind="recurring", cycle="monthly")
    Product.objects.create(sku="DOMAIN", unit="year", kind="recurring", cycle="annual", in_advance=True)
    Product.objects.create(sku="VM", unit="hour", kind="time")


def take(text: str | bytes, *, dry_run: bool = False) -> StoredOrders:
    content = text.encode() if isinstance(text, str) else text
    return import_orders(file=BytesIO(content), accounts=Account.objects.all(), now=NOW, dry_run=dry_run)


def refused(text: str | bytes) -> list[str]:
    with pytest.raises(TableRefused) as refusal:
        take(text)
    assert not Order.objects.exists()
    assert not AccountPeriod.objects.exists()
    return [str(finding) for finding in refusal.value.findings]


def test_a_base_comes_in_once_and_is_charged_from_where_the_other_system_stopped():
    assert take(BASE) == StoredOrders(new=3)
    assert take(BASE) == StoredOrders(unchanged=3)
    rate_stale_periods(as_of=NOW)

    found = Order.objects.get(account__code="ACME", code="o1")
    assert (found.quantity, found.unit_price) == (Decimal(2), Decimal("10.50"))
    # March of ACME only: what ran since 2019 was billed elsewhere, and the year is due in May
    charges = Charge.objects.filter(side="sell")
    assert [(one.service_month, one.net_amount) for one in charges] == [(date(2026, 3, 1), Decimal(21))]


def test_of_an_order_that_stands_a_line_moves_the_end():
    take(BASE)
    ended = BASE.replace("2019-05-10,,2026-03-01", "2019-05-10,2026-03-11,2026-03-01")

    assert take(ended) == StoredOrders(changed=1, unchanged=2)
    rate_stale_periods(as_of=NOW)
    # 10 days of 31 of 21.00
    assert Charge.objects.get(side="sell").net_amount == Decimal("6.77")
    assert take(BASE) == StoredOrders(unchanged=3)


def test_a_dry_run_leaves_nothing_behind():
    assert take(BASE, dry_run=True) == StoredOrders(new=3)
    assert not Order.objects.exists()


def test_every_wrong_line_is_told_with_its_column():
    text = HEADING + (
        "NOBODY,o1,PLAN,1,2026-03-01,,,\n"
        "ACME,o2,NOTHING,1,2026-03-01,,,\n"
        "ACME,o3,VM,1,2026-03-01,,,\n"
        "ACME,o4,PLAN,1e3,2026-03-01,,,\n"
        "ACME,o5,PLAN,1,01.03.2026,,,\n"
        "ACME,o6,PLAN,1,,,,\n"
        "ACME,o7,PLAN,1,2026-03-01,2026-02-01,,\n"
        "ACME,o8,PLAN,0,2026-03-01,,,\n"
        "ACME,,PLAN,1,2026-03-01,,,\n"
        "ACME,o9,PLAN,1,2026-03-01,,\n"
        "ACME,o10,PLAN,1,2026-02-30,,,-1\n"
        "ACME,o11,PLAN,1,2026-03-01,,,-1\n"
        "ACME,o12,PLAN,1,2026-03-01,,,\n"
        "ACME,o12,PLAN,1,2026-03-01,,,\n"
    )

    assert refused(text) == [
        "line 2, account: There is no account 'NOBODY' that you reach.",
        "line 3, sku: There is no product 'NOTHING'.",
        "line 4, sku: VM is charged by time a resource lives: only recurring and one-time products are "
        "ordered.",
        "line 5, quantity: '1e3' is no number: write it as 1234.50.",
        "line 6, started_on: '01.03.2026' is no date: write it as 2026-04-01.",
        "line 7, started_on: Say on which day the order starts: 2026-04-01.",
        "line 8, ended_on: Order o7 starts on 2026-03-01: ended_on cannot be 2026-02-01.",
        "line 9, quantity: An order needs a quantity above 0.",
        "line 10, code: The code cannot be blank.",
        "line 11: The line has 7 cells and the heading 8.",
        "line 12, started_on: '2026-02-30' is no date: write it as 2026-04-01.",
        "line 13, unit_price: An agreed price cannot be below 0.",
        "line 15, code: This order stands on line 14 already: keep one.",
    ]


def test_an_order_that_says_something_else_is_told():
    take(BASE)

    with pytest.raises(TableRefused) as refusal:
        take(BASE.replace("10.50", "11.50"))
    assert str(refusal.value.findings[0]) == (
        "line 2, unit_price: ACME has an order o1 with unit_price 10.5, not 11.5: use another code, or end "
        "it and order anew."
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "The file is empty"),
        ("account,code,sku\n", "line 1, started_on: This column is missing."),
        (HEADING.replace("sku", "SKU"), "line 1, SKU: There is no such column"),
        (HEADING.replace("quantity", "code"), "line 1, code: This column stands twice"),
        (HEADING.encode() + b"ACME,o\xff,PLAN,1,2026-03-01,,,\n", "line 2, code: This is not text in UTF-8"),
        (HEADING + 'ACME,"o1,PLAN,1,2026-03-01,,,\n', "line 2: From here on this is no CSV"),
        (b"PK\x03\x04", "line 1: The file is an Excel workbook"),
    ],
)
def test_a_file_that_is_no_table_of_orders_is_told(content, told):
    assert refused(content)[0].startswith(told)


def test_a_heading_alone_is_no_order():
    assert take(HEADING) == StoredOrders()


def test_columns_that_are_missing_are_the_defaults():
    assert take("started_on;sku;code;account\n2026-03-01;PLAN;o1;ACME\n") == StoredOrders(new=1)
    assert Order.objects.get().quantity == 1


def test_thousands_of_orders_take_a_handful_of_queries(django_assert_max_num_queries):
    rows = "".join(f"ACME,n{number},PLAN,1,2026-03-01,,,5\n" for number in range(6000))

    with django_assert_max_num_queries(30):
        assert take(HEADING + rows).new == 6000
