"""A record with `until` that reaches into a month in which its account has the resource no more."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from catalogue.domain.price_models import PerUnit
from catalogue.domain.terms import PriceTerms
from catalogue.models import Company, Product
from catalogue.services.accounts import open_account
from catalogue.services.prices import enter_price
from metering.domain.incoming_events import USAGE, IncomingEvent, Item
from metering.models import AccountPeriod, Charge
from metering.services.ingestion import Sender, ingest
from metering.services.mediation import mediate_waiting
from metering.services.rating import rate_periods

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, tzinfo=UTC)
SEPARATELY, TOGETHER = (date(2026, 3, 1), date(2026, 4, 1)), None


def event(type: str, time: str, **other) -> IncomingEvent:
    subject = other.pop("subject", "vm")
    at = datetime.fromisoformat(f"{time}+00:00")
    return IncomingEvent("orders", f"{type} {time}", type, subject, at, "{}", **other)


LIVES = {
    "resized at the border": [event("resized", "2026-03-31T23:30", items=(Item("TRAFFIC", Decimal(1)),))],
    "handed over": [event("transferred", "2026-03-31T23:30", account="other")],
    "gone": [event("decommissioned", "2026-03-31T23:30")],
}


@pytest.mark.parametrize("life", LIVES)
@pytest.mark.parametrize("months", [SEPARATELY, TOGETHER], ids=["separately", "together"])
def test_each_month_has_its_part_for_who_had_the_resource_when_it_began(life, months):
    company = Company.objects.create(
        code="us", name="us", country="US", currency_id="USD", number_prefix="US", timezone="UTC"
    )
    owner = open_account(code="owner", company=company, timezone="UTC")
    open_account(code="other", company=company, timezone="UTC")
    product = Product.objects.create(sku="TRAFFIC", unit="GB", kind="usage")
    enter_price(
        company=company,
        product=product,
        currency=company.currency,
        terms=PriceTerms(PerUnit(Decimal(1))),
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        entered_at=NOW,
    )
    traffic = event(
        USAGE,
        "2026-03-31T23:00",
        sku="TRAFFIC",
        quantity=Decimal(4),
        until=datetime(2026, 4, 1, 3, tzinfo=UTC),
    )
    ingest(
        [event("created", "2026-03-01T00:00", account="owner", items=()), *LIVES[life], traffic],
        sender=Sender(company.pk, company.pk),
        received_at=NOW,
        channel="test",
    )
    mediate_waiting(now=NOW)
    for month in months or [None]:
        periods = AccountPeriod.objects.filter(**{"month": month} if month else {})
        rate_periods(list(periods.values_list("pk", flat=True)), as_of=NOW)
    rated = Charge.objects.order_by("service_month").values_list("account_id", "quantity")
    assert list(rated) == [(owner.pk, Decimal(1)), (owner.pk, Decimal(3))]
