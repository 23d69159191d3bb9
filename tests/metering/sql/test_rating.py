"""The statements of rating against the pure functions of catalogue/domain and metering/domain."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalogue.models import Account, Company, Price, PriceTier, Product, UnitFactor
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from metering.models import AccountPeriod, Charge, LifecycleEvent, Resource, UsageEvent
from metering.services.ingestion import Sender, ingest
from metering.services.mediation import mediate_waiting
from metering.services.rating import rate_periods
from tests.factories.price_terms import price_row, tier_rows
from tests.metering.sql.random_months import HEAD, RandomWorld, World
from tests.metering.sql.reference_rating import rate
from tests.metering.sql.reference_rows import ChargeKey, Entry, Rated, Received, Sold

pytestmark = pytest.mark.django_db
BATCHES, SHOWN = 6, 5


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
        prices = _enter(world)
        received = _receive(random, world)
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


def _enter(world: World) -> list[Entry]:
    """Enter companies, accounts, products and prices; return the prices with their ids."""
    companies: dict[str, Company] = {}
    for customer in world.customers:
        book, head = customer.sell, companies.get(HEAD.company)
        if book.company not in companies:
            companies[book.company] = open_company(
                code=book.company,
                name=book.company,
                country="DE",
                currency=book.currency,
                timezone="UTC",
                parent=head,
            )
        open_account(code=customer.code, company=companies[book.company], timezone=customer.zone.key)
    products = {sold.sku: _enter_product(sold) for sold in world.catalogue.values()}
    accounts = {account.code: account for account in Account.objects.all()}
    rows = [
        price_row(
            entry.terms,
            company=companies[entry.company],
            product=products[entry.sku],
            currency=companies[entry.company].currency,
            account=accounts[entry.account] if entry.account else None,
            valid_from=entry.valid_from,
            valid_to=entry.valid_to,
        )
        for entry in world.prices
    ]
    Price.objects.bulk_create(rows)
    entered = list(zip(rows, world.prices, strict=True))
    PriceTier.objects.bulk_create(tier for row, entry in entered for tier in tier_rows(row, entry.terms))
    return [replace(entry, id=row.pk) for row, entry in entered]


def _enter_product(sold: Sold) -> Product:
    product = Product.objects.create(
        sku=sold.sku,
        unit=sold.unit.unit,
        kind="usage" if sold.aggregation else "time",
        aggregation=sold.aggregation or "sum",
        billed_states=sorted(sold.billed_states) or ["active"],
        time_rounding=sold.rounding,
    )
    UnitFactor.objects.bulk_create(
        UnitFactor(product=product, unit=unit, numerator=f.numerator, denominator=f.denominator)
        for unit, f in sold.unit.factors.items()
    )
    return product


def _receive(random: Random, world: World) -> list[Received]:
    """Send what happened in random order, in batches of which two are received at once; mediate it all."""
    head = Company.objects.get(code=HEAD.company)
    sender = Sender(company_id=head.pk, head_office_id=head.pk)
    events = random.sample(world.events, k=len(world.events))
    first = max(event.time for event in events)
    for batch in range(BATCHES):
        ingest(
            events[batch::BATCHES],
            sender=sender,
            received_at=first + timedelta(minutes=batch // 2),
            channel="test",
        )
    mediate_waiting(now=first + timedelta(days=1))
    rows = {
        (row.source, row.event_id): row
        for model in (LifecycleEvent, UsageEvent)
        for row in model.objects.defer("payload")
    }
    received = [(event, rows[event.identity]) for event in events]
    return [Received(event, row.received_at, row.uid) for event, row in received]


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
