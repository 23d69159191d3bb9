"""The statements of rating against the pure functions of catalogue/domain and metering/domain."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalogue.models import Account, Product
from metering.models import AccountPeriod, Charge, Resource
from metering.services.rating import rate_periods
from tests.metering.sql.entered_worlds import enter, receive
from tests.metering.sql.random_months import RandomWorld, World
from tests.metering.sql.reference_rating import rate
from tests.metering.sql.reference_rows import ChargeKey, Entry, Rated

pytestmark = pytest.mark.django_db
SHOWN = 5


@settings(
    max_examples=3,
    # A world cannot be made smaller: what differs is printed charge by charge.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(random=st.randoms(use_true_random=True))
def test_the_statements_rate_as_the_functions_do(db, random):
    world = RandomWorld(random).draw()
    with transaction.atomic():
        prices = enter(world)
        received = receive(random, world)
        cutoff = random.choice([None, received[len(received) // 2].at])
        _rate(world, cutoff)
        charged = _charged()
        transaction.set_rollback(True)
    expected = rate(
        [one for one in received if cutoff is None or one.at <= cutoff],
        customers=world.customers,
        catalogue=world.catalogue,
        prices=prices,
        months=world.months,
        as_of=world.as_of,
    )
    different = _differences(charged, expected, prices)
    assert not different, f"{len(different)} of {len(expected)} differ:\n" + "\n".join(different[:SHOWN])


def _rate(world: World, cutoff: datetime | None) -> None:
    months = [date.fromisoformat(f"{month}-01") for month in world.months]
    periods = AccountPeriod.objects.filter(month__in=months, period_start__lt=world.as_of)
    rate_periods(list(periods.values_list("pk", flat=True)), as_of=world.as_of, received_by=cutoff)


def _charged() -> dict[ChargeKey, Rated]:
    accounts = dict(Account.objects.values_list("pk", "code"))
    skus = dict(Product.objects.values_list("pk", "sku"))
    resources = dict(Resource.objects.values_list("pk", "name"))
    return {
        ChargeKey(
            account=accounts[charge.account_id],
            month=f"{charge.service_month:%Y-%m}",
            side=charge.side,
            kind=charge.kind,
            sku=skus[charge.product_id],
            resource=resources[charge.resource_id] if charge.resource_id else "",
            item_quantity=charge.item_quantity or Decimal(0),
            price_id=charge.price_id or 0,
        ): Rated(
            service_start=charge.service_start,
            service_end=charge.service_end,
            quantity=charge.quantity,
            unit_price=charge.unit_price,
            amount=charge.amount,
            net_amount=charge.net_amount,
        )
        for charge in Charge.objects.all()
    }


def _differences(
    charged: dict[ChargeKey, Rated], expected: dict[ChargeKey, Rated], prices: Sequence[Entry]
) -> list[str]:
    terms = {entry.id: entry.terms for entry in prices}
    return [
        f"{key}\n  {terms[key.price_id]}\n  statements {charged.get(key)}\n  functions  {expected.get(key)}"
        for key in sorted(charged.keys() | expected.keys())
        if charged.get(key) != expected.get(key)
    ]
