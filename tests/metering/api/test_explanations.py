import pytest

from catalogue.models import Scope
from tests.factories.houses import client_of, key_of
from tests.factories.metered import at, metered, per_unit

NOW = at(20)


@pytest.fixture
def world(db):
    return metered()


def test_by_api(world, client):
    world.price(world.product("NET"), per_unit("0.05"))
    for day in (2, 3):
        world.use("NET", at(day), "1.5")
    world.rate(NOW)
    (charge,) = world.charges()
    api = client_of(key_of(world.office, Scope.BILLING_READ))
    address = f"/api/v1/charges/{charge.pk}/explanation"
    body = api.get(address).json()
    assert (body["agrees"], body["price"]["company"], body["month"]) == (True, "office", "2026-03")
    assert body["should"]["steps"] == [
        {"label": "units", "quantity": "3", "unit_price": "0.05", "amount": "0.15", "exact_amount": "3/20"}
    ]
    assert [record["event"]["payload"] for record in body["records"]] == [None, None]
    page = api.get(address, {"page_size": 1}).json()
    assert len(page["records"]) == 1
    assert len(api.get(address, {"page_size": 1, "cursor": page["next_cursor"]}).json()["records"]) == 1
    assert [api.get(f"/api/v1/charges/{pk}/explanation").status_code for pk in (0, 10**17, 10**30, "x")] == [
        404
    ] * 4
    for query in ("page_size=0", "page_size=x", "cursor=x", "cursor=%00", "curser=x"):
        assert api.get(f"{address}?{query}").status_code == 400, query
