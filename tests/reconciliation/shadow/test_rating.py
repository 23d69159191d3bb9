"""The independent rater against the primary one, on random worlds, to the cent of each charge."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalogue.models import Company, Currency
from metering.models import AccountPeriod, Charge, Resource
from metering.services.rating import rate_periods
from reconciliation.shadow.rating import rate_again
from tests.metering.sql.entered_worlds import enter, receive
from tests.metering.sql.random_months import HEAD, RandomWorld

pytestmark = pytest.mark.django_db
SHOWN = 5


@settings(
    max_examples=2,
    # A world cannot be made smaller: what differs is printed charge by charge.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(random=st.randoms(use_true_random=True))
def test_both_raters_agree_on_every_charge(db, random):
    world = RandomWorld(random).draw()
    with transaction.atomic():
        enter(world)
        receive(random, world)
        months = [date.fromisoformat(f"{month}-01") for month in world.months]
        periods = AccountPeriod.objects.filter(month__in=months, period_start__lt=world.as_of)
        rate_periods(list(periods.values_list("pk", flat=True)), as_of=world.as_of)
        for month in months:
            first, second = _first(month), _second(month, world.as_of)
            different = [
                f"{key}: {first.get(key)} / {second.get(key)}"
                for key in sorted(first.keys() | second.keys(), key=str)
                if first.get(key) != second.get(key)
            ]
            assert not different, f"{len(different)} of {len(first)} differ:\n" + "\n".join(different[:SHOWN])
            assert first
        transaction.set_rollback(True)


def _first(month: date) -> dict[tuple[object, ...], tuple[object, ...]]:
    """What the primary rater charges, by what both sides name: quantity, and amount in smallest units."""
    resources = dict(Resource.objects.values_list("pk", "name"))
    units = dict(Currency.objects.values_list("pk", "minor_units"))
    return {
        (
            charge.side,
            charge.account_id,
            charge.resource_id and resources[charge.resource_id],
            charge.product_id,
            charge.item_quantity,
            charge.price_id,
            charge.order_id,
            charge.cycle_start,
            charge.kind,
        ): (charge.quantity, int(charge.net_amount.scaleb(units[charge.currency])))
        for charge in Charge.objects.filter(service_month=month)
    }


def _second(month: date, as_of: datetime) -> dict[tuple[object, ...], tuple[object, ...]]:
    head = Company.objects.get(code=HEAD.company)
    offices = list(Company.objects.values_list("pk", flat=True))
    rated = rate_again(head_office=head.pk, companies=offices, month=month, as_of=as_of)
    amounts: dict[tuple[object, ...], tuple[object, ...]] = {}
    for row in rated.iter_rows(named=True):
        key = (
            row["side"],
            row["account_id"],
            row["resource"] or None,
            row["product_id"],
            row["item_quantity"] and Decimal(row["item_quantity"]),
            row["price_id"],
            row["order_id"],
            row["cycle_start"],
        )
        if row["price_id"] is not None:
            amounts[*key, "charge"] = (Decimal(row["quantity"]).scaleb(-12), row["charge"])
        if row["true_up"]:
            amounts[*key, "true_up"] = (Decimal(0), row["true_up"])
    return amounts
