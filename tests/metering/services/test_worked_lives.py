"""Worked answers of edge-cases.md that no scenario tells, in the words of its rows."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from catalogue.domain.price_models import PerUnit, PriceModel, Tier, Volume
from catalogue.domain.terms import PriceTerms
from catalogue.models import Account, Company, Product
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from catalogue.services.prices import enter_price
from metering.domain.incoming_events import USAGE, IncomingEvent, Item
from metering.models import AccountPeriod, Charge, EventException, IngestBatch, RatingRun, Resource
from metering.services.ingestion import Sender, ingest
from metering.services.mediation import mediate_waiting
from metering.services.rating import rate_stale_periods
from tests.factories.months import close_month

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return open_company(code="us", name="us", country="US", currency="USD", timezone="UTC")


def sell(
    company: Company, sku: str, model: PriceModel, *, minimum: Decimal | None = None, **product: str
) -> None:
    enter_price(
        company=company,
        product=Product.objects.create(sku=sku, **product),
        currency=company.currency,
        terms=PriceTerms(model, minimum=minimum),
        valid_from=datetime(2025, 1, 1, tzinfo=UTC),
        entered_at=datetime(2025, 1, 1, tzinfo=UTC),
    )


def event(type: str, time: str, subject: str = "vm", **other: Any) -> IncomingEvent:
    instant = datetime.fromisoformat(time)
    id = " ".join(filter(None, (type, time, subject, str(other.get("account", "")))))
    return IncomingEvent("orders", id, type, subject, instant, "{}", **other)


def usage(time: str, account: str, quantity: str, sku: str = "REQ") -> IncomingEvent:
    return event(USAGE, time, "", account=account, sku=sku, quantity=Decimal(quantity))


def take(company: Company, events: Iterable[IncomingEvent], now: str) -> list[str]:
    """Take the events in and all that follows from them; return what was answered."""
    at = datetime.fromisoformat(now)
    report = ingest(list(events), sender=Sender(company.pk, company.pk), received_at=at, channel="test")
    mediate_waiting(now=at)
    rate_stale_periods(as_of=at)
    return [result.status for result in report.results]


def bounds(account: Account) -> list[tuple[str, str]]:
    periods = AccountPeriod.objects.filter(account=account).order_by("month")
    return [(f"{period.period_start:%m-%dT%H}", f"{period.period_end:%m-%dT%H}") for period in periods]


def test_a_resume_after_the_end_changes_nothing_and_the_bill_run_works(company):
    """EC14"""
    sell(company, "VM", PerUnit(Decimal("0.05")), unit="hour", kind="time")
    open_account(code="acme", company=company, timezone="UTC")
    life = [
        event("created", "2026-03-01T00:00Z", account="acme", items=(Item("VM", Decimal(1)),)),
        event("suspended", "2026-03-01T08:00Z"),
        event("decommissioned", "2026-03-02T00:00Z"),
        event("resumed", "2026-03-03T00:00Z"),
    ]
    assert take(company, life, "2026-03-04T00:00Z") == ["accepted"] * 4
    exception = EventException.objects.get(closed_at=None)
    assert (exception.kind, exception.event_id) == ("redundant_transition", "resumed 2026-03-03T00:00Z vm")
    assert Resource.objects.get().state == "ended"
    cutoff = datetime(2026, 4, 2, tzinfo=UTC)
    close_month(company=company, month=date(2026, 3, 1), cutoff=cutoff)
    assert AccountPeriod.objects.filter(month=date(2026, 3, 1), cutoff=cutoff).count() == 1
    assert Charge.objects.get().net_amount == Decimal("0.40")  # 8 h


def test_an_account_opened_in_winter_pays_as_one_opened_in_summer(company):
    """EC28"""
    sell(company, "REQ", PerUnit(Decimal("0.10")), unit="request", kind="usage")
    accounts = [
        open_account(
            code=code,
            company=company,
            timezone="America/New_York",
            opened_at=datetime.fromisoformat(f"{opened}T12:00Z"),
        )
        for code, opened in (("summer", "2025-07-10"), ("winter", "2026-01-10"))
    ]
    times = ("2026-03-01T04:59:59Z", "2026-03-01T05:00Z", "2026-04-01T03:59:59Z", "2026-04-01T04:00Z")
    take(company, [usage(time, a.code, "1") for a in accounts for time in times], "2026-05-01T00:00Z")
    months = [bounds(account) for account in accounts]
    assert (
        months[0]
        == months[1]
        == [("02-01T05", "03-01T05"), ("03-01T05", "04-01T04"), ("04-01T04", "05-01T04")]
    )
    summer, winter = (
        list(Charge.objects.filter(account_id=a.pk).order_by("month").values_list("month", "net_amount"))
        for a in accounts
    )
    assert summer == winter
    assert [amount for _, amount in summer] == [Decimal("0.10"), Decimal("0.20"), Decimal("0.10")]


# June stays as it was; July begins where June ends, and ends by the new clock.
MOVES = {
    "west": ("Europe/Paris", "America/New_York", [("05-31T22", "06-30T22"), ("06-30T22", "08-01T04")], 750),
    "east": ("America/New_York", "Europe/Paris", [("06-01T04", "07-01T04"), ("07-01T04", "07-31T22")], 738),
}


@pytest.mark.parametrize("direction", MOVES)
def test_the_months_of_a_customer_who_moves_to_another_zone_tile(company, direction):
    """EC32, and the way back"""
    old, new, months, hours_of_july = MOVES[direction]
    sell(company, "VM", PerUnit(Decimal(1)), unit="hour", kind="time")
    sell(company, "REQ", PerUnit(Decimal(1)), unit="request", kind="usage")
    account = open_account(code="acme", company=company, timezone=old)
    born = event("created", "2026-06-10T00:00Z", account="acme", items=(Item("VM", Decimal(1)),))
    take(company, [born], "2026-06-15T00:00Z")
    Account.objects.filter(pk=account.pk).update(timezone=new)
    # in July by the one clock and in June by the other
    take(company, [usage("2026-06-30T23:00Z", "acme", "7")], "2026-06-30T23:30Z")
    assert bounds(account)[: len(months)] == months[: len(bounds(account))]
    used_in = Charge.objects.get(quantity=7)
    assert used_in.month == (date(2026, 7, 1) if direction == "west" else date(2026, 6, 1))
    take(company, [usage("2026-07-20T00:00Z", "acme", "1")], "2026-08-20T00:00Z")
    assert bounds(account)[:2] == months
    vm = Charge.objects.filter(resource_id__isnull=False)
    assert vm.get(month=date(2026, 7, 1)).quantity == hours_of_july


def test_late_units_of_a_volume_price_are_one_line_with_the_difference_of_both(company):
    """EC45: 490 at 0.08 billed; 530 at 0.05 are right."""
    tiers = (
        Tier(Decimal(100), Decimal("0.10")),
        Tier(Decimal(500), Decimal("0.08")),
        Tier(None, Decimal("0.05")),
    )
    sell(company, "REQ", Volume(tiers), unit="request", kind="usage")
    open_account(code="acme", company=company, timezone="UTC")
    take(company, [usage("2026-01-10T00:00Z", "acme", "490")], "2026-01-11T00:00Z")
    close_month(company=company, month=date(2026, 1, 1), cutoff=datetime(2026, 2, 2, tzinfo=UTC))
    take(company, [usage("2026-01-20T00:00Z", "acme", "40")], "2026-02-04T00:00Z")
    billed, difference = Charge.objects.order_by("month")
    assert (billed.quantity, billed.net_amount) == (490, Decimal("39.20"))
    assert (difference.quantity, difference.net_amount) == (40, Decimal("-12.70"))
    assert (difference.month, difference.service_month) == (date(2026, 2, 1), date(2026, 1, 1))


def test_a_record_that_is_refused_as_known_moves_nothing(company):
    """EC71: no batch, no charge, so nothing that could be paid from a balance."""
    sell(company, "REQ", PerUnit(Decimal("0.10")), unit="request", kind="usage")
    open_account(code="acme", company=company, timezone="UTC")
    record = usage("2026-01-10T00:00Z", "acme", "10")
    assert take(company, [record], "2026-01-11T00:00Z") == ["accepted"]
    before = Charge.objects.values().get()
    assert take(company, [record, record], "2026-01-11T12:00Z") == ["duplicate", "duplicate"]
    assert Charge.objects.values().get() == before
    assert (IngestBatch.objects.count(), RatingRun.objects.count()) == (1, 1)


def test_a_minimum_is_not_prorated(company):
    """EC51: 210.10 used in half a month of 500.00; by FORMAT.md 289.90 is made up, and not 39.90."""
    sell(company, "REQ", PerUnit(Decimal("0.10")), minimum=Decimal(500), unit="request", kind="usage")
    open_account(code="acme", company=company, timezone="UTC")
    records = [usage("2026-04-16T00:00Z", "acme", "2000"), usage("2026-04-17T00:00Z", "acme", "101")]
    take(company, records, "2026-04-18T00:00Z")
    close_month(company=company, month=date(2026, 4, 1), cutoff=datetime(2026, 5, 2, tzinfo=UTC))
    charges = Charge.objects.order_by("kind").values_list("kind", "net_amount")
    assert list(charges) == [("charge", Decimal("210.10")), ("true_up", Decimal("289.90"))]


def test_keys_come_from_the_sender_and_never_from_the_clock(company):
    """EC68: two changes of size at one instant, received at one instant, are two; a retry of one is none."""
    sell(company, "VM", PerUnit(Decimal(1)), unit="hour", kind="time")
    open_account(code="acme", company=company, timezone="UTC")
    items = {size: (Item("VM", Decimal(size)),) for size in (1, 2, 3)}
    born = event("created", "2026-03-01T00:00Z", account="acme", items=items[1])
    changes = [
        IncomingEvent(
            *("orders", id, "resized", "vm", datetime(2026, 3, 1, 10, tzinfo=UTC), "{}"),
            items=items[size],
            sequence=sequence,
        )
        for sequence, (id, size) in enumerate({"grow": 2, "grow-more": 3}.items())
    ]
    gone = event("decommissioned", "2026-03-01T12:00Z")
    assert take(company, [born, *changes, gone], "2026-03-02T00:00Z") == ["accepted"] * 4
    assert take(company, changes, "2026-03-02T00:00Z") == ["duplicate"] * 2
    charges = Charge.objects.order_by("item_quantity").values_list("item_quantity", "net_amount")
    assert list(charges) == [(1, 10), (3, 6)]  # size 2 lasted no time: 10 h of 1, 2 h of 3
