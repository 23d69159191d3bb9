from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from catalogue.models import Price, Product
from catalogue.selectors.price_timelines import book_timelines, moments
from tests.factories.houses import head_office, operator_of
from tests.factories.invoices import company

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return head_office("north")


def price(of, book, valid_from, unit_price, valid_to=None, **fields):
    return Price.objects.create(
        company=book,
        product=of,
        currency=book.currency,
        valid_from=valid_from,
        valid_to=valid_to,
        unit_price=Decimal(unit_price),
        **fields,
    )


def midnight(book, day):
    return datetime.combine(day, datetime.min.time(), ZoneInfo(book.timezone))


def test_all_currencies_side_by_side(north):
    tokyo = company("JP", currency_code="JPY", minor_units=0, timezone="Asia/Tokyo", parent=north.company)
    berlin = company("DE", timezone="Europe/Berlin", parent=north.company)
    disk = Product.objects.create(sku="disk", unit="hour", kind="time")
    first, second = date(2026, 1, 1), date(2026, 4, 2)
    for book, one, other in ((tokyo, "5", "6"), (berlin, "0.05", "0.06"), (north.company, "0.01", "0.02")):
        price(disk, book, midnight(book, first), one)
        price(disk, book, midnight(book, second), other)
    sale = datetime(2026, 2, 1, 10, 20, tzinfo=UTC)
    price(disk, berlin, sale, "0.01", midnight(berlin, date(2026, 3, 1)))
    price(disk, berlin, sale, "0.99", account=north.account)
    price(disk, berlin, sale, "0.98", superseded_at=sale)

    books = book_timelines(disk, north.operator)
    assert [(book.company.code, book.currency) for book in books] == [
        ("north", "USD"),
        ("DE", "EUR"),
        ("JP", "JPY"),
    ]
    table = {
        str(moment): [
            found and found.unit_price for found in (book.at(moment.of(book.company)) for book in books)
        ]
        for moment in moments(books)
    }
    assert table == {
        "2026-04-02": [Decimal("0.02"), Decimal("0.06"), Decimal(6)],
        "2026-03-01": [Decimal("0.01"), Decimal("0.05"), Decimal(5)],
        "2026-02-01 10:20:00 UTC": [Decimal("0.01"), Decimal("0.01"), Decimal(5)],
        "2026-01-01": [Decimal("0.01"), Decimal("0.05"), Decimal(5)],
    }
    assert list(table) == ["2026-04-02", "2026-03-01", "2026-02-01 10:20:00 UTC", "2026-01-01"]


def test_a_gap_and_the_time_before_the_first_price(north):
    berlin = company("DE", timezone="Europe/Berlin", parent=north.company)
    disk = Product.objects.create(sku="disk", unit="hour", kind="time")
    price(disk, berlin, midnight(berlin, date(2026, 1, 1)), "1", midnight(berlin, date(2026, 1, 5)))
    (book,) = book_timelines(disk, north.operator)
    assert [stretch.price and stretch.price.unit_price for stretch in book.stretches] == [Decimal(1), None]
    assert book.at(datetime(2026, 1, 10, tzinfo=UTC)) is None
    assert book.at(datetime(2025, 1, 1, tzinfo=UTC)) is None


def test_who_may_not_see_cost_sees_no_cost(django_assert_max_num_queries):
    north = head_office("north", "alder", "birch")
    machine = Product.objects.get(sku="VM")
    support = operator_of(north.company, "support")
    assert [book.company.code for book in book_timelines(machine, support)] == ["alder", "birch"]
    alder = north.sales_offices[0].operator
    with django_assert_max_num_queries(6):
        assert [book.company.code for book in book_timelines(machine, alder)] == ["north", "alder"]
