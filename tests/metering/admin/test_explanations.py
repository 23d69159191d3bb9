import pytest

from tests.factories.houses import operator_of
from tests.factories.metered import APRIL, MARCH, at, metered, per_unit

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


def test_the_page_of_a_correction_names_what_was_billed(world, client):
    product = world.product("VM", kind="time", unit="hour")
    world.price(product, per_unit("0.5"))
    world.life("vm-1", at(1), VM="1")
    world.close(MARCH, at(2, month=4))
    world.life("vm-1", at(31), "decommissioned", received=at(3, month=4))
    world.rate(at(4, month=4))
    (correction,) = world.charges(month=APRIL)
    client.force_login(operator_of(world.head, "support"))
    page = client.get(f"/console/metering/charge/{correction.pk}/explanation/").content.decode()
    assert "is the difference that acme pays for VM of vm-1 in March 2026" in page
    assert "Correction of March 2026" in page
    assert ">2026-03</a>" in page
    # 372.00 was billed, 360.00 is right.
    assert page.count("-12.00") >= 1
