from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from catalogue.domain.price_models import Graduated, Package, PerUnit, Stairstep, Tier
from catalogue.domain.terms import PriceTerms
from catalogue.models import Product
from catalogue.selectors.price_lookup import PriceQuestion, prices_at
from catalogue.services.prices import enter_price
from tests.factories.invoices import account, company, currency

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def vm():
    return Product.objects.create(sku="VM", unit="hour", kind="time", family="Compute")


def enter(product, terms, valid_from=MARCH, *, code="EUR", **fields):
    if isinstance(terms, str):
        terms = PriceTerms(PerUnit(Decimal(terms)))
    return enter_price(
        company=company(),
        product=product,
        currency=currency(code, 2),
        terms=terms,
        valid_from=valid_from,
        entered_at=MARCH,
        **fields,
    )


def question(instant=MARCH, *, sku="VM", code="EUR", of=None, account_id=None):
    return PriceQuestion((of or company()).pk, sku, code, account_id, instant)


def unit_prices(*questions):
    return [found.price and str(found.price.terms.unit_price.normalize()) for found in prices_at(questions)]


def test_the_latest_valid_from_counts_until_it_ends(vm):
    enter(vm, "1")
    enter(vm, "2", MARCH + DAY, valid_to=MARCH + 3 * DAY)
    instants = (-1, 0, 1, 2, 3)
    assert unit_prices(*(question(MARCH + days * DAY) for days in instants)) == [None, "1", "2", "2", "1"]


def test_what_was_superseded_does_not_count(vm):
    enter(vm, "1")
    enter(vm, "2")
    assert unit_prices(question()) == ["2"]


def test_an_agreed_price_beats_the_book_while_it_lasts(vm):
    holder, other = account("a"), account("b")
    agreed = enter(vm, "1", account=holder, valid_to=MARCH + 2 * DAY)
    enter(vm, "2", MARCH + DAY)
    asked = [
        question(MARCH + days * DAY, account_id=buyer)
        for buyer in (holder.pk, other.pk, None)
        for days in (1, 2)
    ]
    assert unit_prices(*asked) == ["1", "2", "2", "2", "2", "2"]
    found = prices_at(asked[:2])
    assert [(each.price.is_agreed, each.price.valid_to) for each in found] == [
        (True, agreed.valid_to),
        (False, None),
    ]


def test_other_books_and_currencies_do_not_count(vm):
    enter(vm, "1")
    assert unit_prices(question(code="USD"), question(of=company("FR"))) == [None, None]


def test_products_with_and_without_a_price(vm):
    Product.objects.create(sku="DISK", unit="GB", kind="usage")
    enter(vm, "1")
    known, priceless, unknown = prices_at([question(), question(sku="DISK"), question(sku="TAPE")])
    assert (known.product.sku, known.product.family, known.price.model) == ("VM", "Compute", "per_unit")
    assert (priceless.product.sku, priceless.price) == ("DISK", None)
    assert (unknown.product, unknown.price) == (None, None)


@pytest.mark.parametrize(
    "terms",
    [
        PriceTerms(
            Graduated(
                (Tier(Decimal(10), Decimal("0.1"), Decimal(0)), Tier(None, Decimal("0.05"), Decimal(2)))
            ),
            included=Decimal(5),
            cap=Decimal(100),
            minimum=Decimal(1),
            scope="account",
        ),
        PriceTerms(Stairstep((Tier(Decimal(10), None, Decimal(50)), Tier(None, None, Decimal(90))))),
        PriceTerms(Package(Decimal(1000), Decimal("5.00"))),
    ],
)
def test_terms_are_found_as_they_were_entered(vm, terms):
    enter(vm, terms)
    (found,) = prices_at([question()])
    assert found.price.terms == terms


def test_many_questions_are_one_query(vm, django_assert_num_queries):
    enter(vm, "1")
    questions = [question()] * 50
    with django_assert_num_queries(1):
        assert len(prices_at(questions)) == 50
