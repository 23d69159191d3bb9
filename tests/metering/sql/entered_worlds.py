"""Random worlds as rows: companies, accounts, products and prices entered, events received and mediated."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from catalogue.models import Account, Company, Price, PriceTier, Product, UnitFactor
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from metering.models import LifecycleEvent, UsageEvent
from metering.services.ingestion import Sender, ingest
from metering.services.mediation import mediate_waiting
from tests.factories.price_terms import price_row, tier_rows
from tests.metering.sql.random_months import HEAD, World
from tests.metering.sql.reference_rows import Entry, Received, Sold

BATCHES = 6


def enter(world: World) -> list[Entry]:
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


def receive(random: Random, world: World) -> list[Received]:
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
