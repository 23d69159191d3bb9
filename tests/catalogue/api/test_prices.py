from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalogue.models import Price, PriceTier, Scope
from tests.factories.houses import COST_NOTE, client_of, head_office, key_of, product

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return head_office("north", "alder")


def notes(client, query=""):
    return {price["note"] for price in client.get(f"/api/v1/prices{query}").json()["results"]}


def test_the_head_offices_book_is_shown_with_cost_read_only(north):
    for company in (north.company, north.sales_offices[0].company):
        without = notes(client_of(key_of(company, Scope.CATALOGUE_READ)))
        with_cost = notes(client_of(key_of(company, Scope.CATALOGUE_READ, Scope.COST_READ)))
        assert "alder book" in without
        assert not any(note.startswith(COST_NOTE) for note in without)
        assert f"{COST_NOTE} north" in with_cost


def test_numbers_are_exact_text(north):
    price = Price.objects.create(
        company=north.sales_offices[0].company,
        product=product(),
        currency_id="USD",
        valid_from=datetime(2024, 1, 1, tzinfo=UTC),
        model=Price.Model.GRADUATED,
        included=Decimal(100),
        cap=Decimal("99999999999.990000000001"),
    )
    PriceTier.objects.create(price=price, position=1, lower=0, up_to=10, unit_price=Decimal("0.000000000001"))
    PriceTier.objects.create(price=price, position=2, lower=10, unit_price=Decimal(0))
    rows = client_of(north.key).get("/api/v1/prices?model=graduated&sku=VM&company=alder").json()["results"]
    (row,) = rows
    assert (row["included"], row["cap"]) == ("100", "99999999999.990000000001")
    assert row["tiers"] == [
        {"lower": "0", "up_to": "10", "unit_price": "0.000000000001", "flat_fee": "0"},
        {"lower": "10", "up_to": None, "unit_price": "0", "flat_fee": "0"},
    ]


def test_entries_in_force_at_an_instant(north):
    old = Price.objects.get(note="alder book")
    Price.objects.filter(pk=old.pk).update(valid_to=datetime(2023, 6, 1, tzinfo=UTC))
    client = client_of(north.sales_offices[0].key)
    assert "alder book" in notes(client, "?valid_at=2023-05-31T23:59:59Z")
    assert "alder book" not in notes(client, "?valid_at=2023-06-01T00:00:00Z")
    assert "alder book" not in notes(client, "?valid_at=2022-12-31T23:59:59Z")
