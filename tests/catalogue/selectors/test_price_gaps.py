from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalogue.models import Price, Product
from catalogue.selectors.price_gaps import price_gaps
from tests.factories.invoices import account, company, currency

pytestmark = pytest.mark.django_db


def day(number):
    return number and datetime(2026, 1, number, tzinfo=UTC)


def product(sku, ended=None):
    return Product.objects.create(
        sku=sku, name=f"name of {sku}", unit="hour", kind="time", ended_at=day(ended)
    )


def price(of, start, end=None, *, book=None, code="EUR", **fields):
    return Price.objects.create(
        company=book or company(),
        product=of,
        currency=currency(code, 2),
        valid_from=day(start),
        valid_to=day(end),
        unit_price=Decimal(1),
        **fields,
    )


def told(since=1, **how):
    gaps = price_gaps(company(), since=day(since), most=100, **how)
    return [(g.sku, g.currency, g.gap_from and g.gap_from.day, g.gap_to and g.gap_to.day) for g in gaps]


def test_a_book_without_gaps():
    price(product("a"), 1)
    b = product("b", ended=20)
    price(b, 1, 10), price(b, 5, 20)
    assert told() == []


def test_holes_ends_and_what_was_never_priced():
    hole, ends, never = product("hole"), product("ends"), product("never")
    price(hole, 1, 5), price(hole, 8, 9), price(hole, 12)
    price(ends, 1, 7)
    assert never.name == "name of never"
    assert told() == [
        ("ends", "EUR", 7, None),
        ("hole", "EUR", 5, 8),
        ("hole", "EUR", 9, 12),
        ("never", "EUR", None, None),
    ]


def test_what_was_over_before_is_left_out():
    hole = product("hole")
    price(hole, 1, 5), price(hole, 8)
    product("ended", ended=6)
    assert told(since=8) == []
    assert told(since=7) == [("hole", "EUR", 5, 8)]
    assert told(since=5) == [("ended", "EUR", None, 6), ("hole", "EUR", 5, 8)]


def test_a_product_is_wanted_until_it_is_ended():
    ended = product("a", ended=10)
    price(ended, 1, 7)
    assert told() == [("a", "EUR", 7, 10)]
    late = product("b", ended=3)
    price(late, 5, 7)
    assert told(since=4) == [("a", "EUR", 7, 10)]


def test_another_currency_from_its_first_price_on():
    both = product("a")
    price(both, 1), price(both, 3, 5, code="USD")
    assert told() == [("a", "USD", 5, None)]


def test_prices_that_do_not_count():
    a = product("a")
    price(a, 1, superseded_at=day(2))
    price(a, 1, account=account("x"))
    price(a, 1, book=company("FR"))
    assert told() == [("a", "EUR", None, None)]


def test_page_by_page():
    for sku in "abc":
        price(product(sku), 1, 5)
    price(Product.objects.get(sku="b"), 7, 9)
    pages, last = [], None
    while page := price_gaps(company(), since=day(1), most=1, after=last):
        pages += page
        last = page[-1]
    assert [(gap.sku, gap.gap_from.day) for gap in pages] == [("a", 5), ("b", 5), ("b", 9), ("c", 5)]
