"""The lives of six real machines: 2,956 events in random order, some twice, against their file's months."""

from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import msgspec
import pytest

from billing_site.demo import datasets
from billing_site.demo.streams import vm_stream
from catalogue.domain.price_models import PerUnit
from catalogue.domain.rounding import round_quantity
from catalogue.domain.terms import PriceTerms
from catalogue.models import Company, Product
from catalogue.services.accounts import open_account
from catalogue.services.prices import enter_price
from metering.adapters.ndjson import read_lines
from metering.models import Charge, EventException, Resource
from metering.services.event_files import ingest_lines
from metering.services.ingestion import Sender
from metering.services.mediation import mediate_waiting
from metering.services.rating import rate_stale_periods

pytestmark = pytest.mark.django_db
LATER = datetime(2025, 9, 1, tzinfo=UTC)


@pytest.fixture
def sender():
    """A head office with its book at cost, and a sales office that has the machines' accounts."""
    head_office = Company.objects.create(
        code="hq", name="hq", country="US", currency_id="USD", number_prefix="HQ", timezone="UTC"
    )
    office = Company.objects.create(
        code="de", name="de", country="DE", currency_id="EUR", number_prefix="DE", parent=head_office
    )
    months = datasets.expected_months()
    for code in {month.account for month in months}:
        open_account(code=code, company=office, timezone="UTC")
    costs = {row["sku"]: Decimal(row["cost_usd"]) for row in datasets.csv_rows(datasets.PRODUCTS_CSV)}
    for sku in {month.product_sku for month in months}:
        enter_price(
            company=head_office,
            product=Product.objects.create(sku=sku, unit="hour", kind="time"),
            currency=head_office.currency,
            terms=PriceTerms(PerUnit(costs[sku])),
            valid_from=datetime(2023, 1, 1, tzinfo=UTC),
            entered_at=LATER,
        )
    return Sender(head_office.pk, head_office.pk)


@pytest.mark.parametrize("seed", range(2))
def test_streamed_in_any_order_each_month_is_to_the_second_and_millionth(sender, seed):
    random = Random(seed)
    events = [msgspec.json.encode(event) for event in vm_stream(datasets.vm_events())]
    stream = events + random.sample(events, k=len(events) // 20)
    random.shuffle(stream)
    accepted = duplicate = 0
    while stream:
        size = random.randint(1, 900)
        batch, stream = stream[:size], stream[size:]
        (outcome,) = ingest_lines(read_lines(iter(batch)), sender=sender, channel="test", now=lambda: LATER)
        accepted, duplicate = accepted + outcome.counts["accepted"], duplicate + outcome.counts["duplicate"]
        mediate_waiting(now=LATER)
        if random.random() < 0.3:
            rate_stale_periods(as_of=LATER)
    assert (accepted, duplicate) == (2956, 147)
    rate_stale_periods(as_of=LATER)

    assert not EventException.objects.filter(closed_at=None).exists()
    names = dict(Resource.objects.values_list("pk", "name"))
    charged = {
        (names[charge.resource_id], f"{charge.month:%Y-%m}"): (
            round_quantity(charge.quantity * 3600),
            round_quantity(charge.amount),
        )
        for charge in Charge.objects.filter(side=Charge.Side.COST)
    }
    assert charged == {
        (month.resource, month.month): (round_quantity(month.uptime_seconds), round_quantity(month.cost))
        for month in datasets.expected_months()
    }
