"""However often and in whatever order events come, what follows from them is the same."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from catalogue.domain.price_models import Graduated, PerUnit, Tier
from catalogue.domain.terms import PriceTerms
from catalogue.models import Company, Product
from catalogue.services.accounts import open_account
from catalogue.services.prices import enter_price
from metering.domain.incoming_events import USAGE, VOID, IncomingEvent
from metering.models import Charge, EventException, Resource, ResourceInterval
from metering.services.ingestion import Sender, ingest
from metering.services.mediation import mediate_waiting
from metering.services.rating import rate_stale_periods
from tests.factories.lives import Vocabulary, random_life

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, tzinfo=UTC)
LIVES, ORDERS, BATCHES = 40, 4, 3
WORDS = Vocabulary(accounts=("acme", "bell", "nobody"), skus=("CPU", "RAM", "UNKNOWN"))
TIERS = (Tier(Decimal(1), Decimal(5)), Tier(None, Decimal("0.125")))
TERMS = {
    "CPU": PriceTerms(PerUnit(Decimal("0.333"))),
    "RAM": PriceTerms(Graduated(TIERS), included=Decimal("0.1"), minimum=Decimal(2)),
    "NET": PriceTerms(Graduated(TIERS), scope="account"),
    "PEAK": PriceTerms(PerUnit(Decimal("0.07")), cap=Decimal("0.2")),
}


@pytest.fixture
def sender():
    company = Company.objects.create(
        code="us", name="us", country="US", currency_id="USD", number_prefix="US", timezone="UTC"
    )
    for sku, terms in TERMS.items():
        metered = {"NET": "sum", "PEAK": "max"}.get(sku)
        product = Product.objects.create(
            sku=sku,
            unit="GB" if metered else "hour",
            kind="usage" if metered else "time",
            aggregation=metered or "sum",
            time_rounding="started_minute" if sku == "RAM" else "exact",
        )
        enter_price(
            company=company,
            product=product,
            currency=company.currency,
            terms=terms,
            valid_from=datetime(2026, 1, 1, tzinfo=UTC),
            entered_at=NOW,
        )
    return Sender(company.pk, company.pk)


@settings(
    max_examples=4,
    # Many lives cannot be made fewer: the first one that differs is printed.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(random=st.randoms(use_true_random=True))
def test_any_order_and_any_number_of_times_give_the_same(sender, random):
    lives = [_life(random, f"vm-{number:02}") for number in range(LIVES)]
    with transaction.atomic():
        for order in range(ORDERS):
            for account in WORDS.accounts[:2]:
                open_account(
                    code=f"{order}/{account}", company=Company.objects.get(), currency="USD", timezone="UTC"
                )
            _stream(random, [_named(event, order) for life in lives for event in life], sender)
        rate_stale_periods(as_of=NOW)
        followed = [_what_followed(order) for order in range(ORDERS)]
        transaction.set_rollback(True)
    assert followed[0]["charges"]
    for other in followed[1:]:
        assert other == followed[0]


def _life(random: Random, resource: str) -> list[IncomingEvent]:
    """A life with records and voids in it."""
    life = random_life(random, resource, WORDS, longest=8)
    first = datetime(2026, 3, 1, tzinfo=UTC)
    for number in range(random.randint(0, 5)):
        time = first + timedelta(minutes=random.randint(-10, 70))
        record = IncomingEvent(
            *("meters", f"{resource}/u{number}", USAGE, resource, time, "{}"),
            sku=random.choice(("NET", "PEAK", "UNKNOWN")),
            quantity=Decimal(random.choice(("0.5", "1", "7"))),
            unit=random.choice(("", "GB", "parsec")),
        )
        life.append(record)
        if random.random() < 0.2:
            voids = random.choice((record.id, "none"))
            life.append(IncomingEvent("meters", f"{record.id}/v", VOID, resource, time, "{}", voids=voids))
    return life


def _named(event: IncomingEvent, order: int) -> IncomingEvent:
    """The same event of a world of its own, which sorts as in any other."""
    return replace(
        event,
        id=f"{order}/{event.id}",
        subject=f"{order}/{event.subject}",
        account=f"{order}/{event.account}" if event.account else "",
        voids=f"{order}/{event.voids}" if event.voids else "",
    )


def _stream(random: Random, events: list[IncomingEvent], sender: Sender) -> None:
    stream = events + random.choices(events, k=len(events) // 3)
    random.shuffle(stream)
    for batch in range(BATCHES):
        ingest(stream[batch::BATCHES], sender=sender, received_at=NOW, channel="test")
        mediate_waiting(now=NOW)
        if random.random() < 0.3:
            rate_stale_periods(as_of=NOW)


def _what_followed(order: int) -> dict[str, Any]:
    """Intervals and exceptions by resource, and charges by account, under the names of before."""
    company = Company.objects.get()
    accounts = {account.pk: account.code for account in company.accounts.all()}
    mine = f"{order}/"
    names = {row.pk: row.name[2:] for row in Resource.objects.filter(name__startswith=mine)}
    intervals = defaultdict(list)
    for row in ResourceInterval.objects.filter(resource_id__in=names).order_by("started_at"):
        made_of = sorted(zip(row.product_ids, row.quantities, strict=True))
        stretch = (row.started_at, row.ended_at, row.state, accounts[row.account_id][2:], made_of)
        intervals[names[row.resource_id]].append(stretch)
    exceptions = EventException.objects.filter(closed_at=None, event_id__startswith=mine)
    charges = Charge.objects.filter(account_id__in=[pk for pk, code in accounts.items() if code[:2] == mine])
    return {
        "intervals": dict(intervals),
        "exceptions": sorted((row.resource[2:], row.event_id[2:], row.kind) for row in exceptions),
        "charges": sorted(
            (
                *(accounts[row.account_id][2:], row.product_id, names.get(row.resource_id or 0, "")),
                *(row.kind, row.item_quantity or 0, row.service_start, row.service_end),
                *(row.quantity, row.amount, row.net_amount),
            )
            for row in charges
        ),
    }
