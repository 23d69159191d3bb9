import pytest

from tests.factories.houses import operator_of
from tests.factories.metered import at, metered, per_unit

NOW = at(20)


@pytest.fixture
def world(db):
    return metered()


def test_on_the_page_of_the_charge(world, client):
    world.price(world.product("NET"), per_unit("0.05"))
    world.use("NET", at(2), "1.5")
    world.rate(NOW)
    (charge,) = world.charges()
    client.force_login(operator_of(world.head, "finance"))
    address = f"/console/metering/charge/{charge.pk}"
    assert f"{address}/explanation" in client.get(f"{address}/change/").content.decode()
    page = client.get(f"{address}/explanation/").content.decode()
    assert "is what acme pays for NET in March 2026" in page
    assert "it agrees to the last decimal" in page
    assert "as sent" in page
    assert client.get(f"{address}/explanation/?after=x").status_code == 302
