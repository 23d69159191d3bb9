"""Random months billed while events, withdrawals and prices come late: in the end all is billed right."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalogue.domain.periods import month_cycle
from catalogue.models import Account, Company, Price, Product
from catalogue.services.prices import enter_price
from invoicing.models import CreditNote, InvoiceLine
from invoicing.services.bill_runs import run_bill_run
from invoicing.services.late_credits import credit_late_usage
from metering.domain.incoming_events import IncomingEvent
from metering.services.ingestion import Sender, ingest
from metering.services.mediation import mediate_waiting
from metering.services.rating import rate_stale_periods
from reconciliation.models import Discrepancy, ReconciliationRun
from reconciliation.services.reconciling import reconcile_days
from tests.factories.price_terms import random_terms
from tests.metering.sql.entered_worlds import enter
from tests.metering.sql.random_months import HEAD, RandomWorld
from tests.metering.sql.reference_rows import Entry

LEVELS = [
    ReconciliationRun.Level.RECEIVED_TO_RATED,
    ReconciliationRun.Level.RATED_TO_INVOICED,
    ReconciliationRun.Level.STREAM_TO_BILLING,
    ReconciliationRun.Level.PRIMARY_TO_SECONDARY,
]
PRICES_REVISED = 10
DAY = timedelta(days=1)


class SmallWorld(RandomWorld):
    """Everything has a price: what has none is not billed, and differs."""

    TIMED, METERED, RESOURCES, RECORDS = 6, 6, 40, 250

    def _prices(self, customers, catalogue):
        ever = [
            Entry(0, company, sku, None, self.first - 60 * DAY, None, random_terms(self.random))
            for company in sorted({customer.sell.company for customer in customers})
            for sku in catalogue
        ]
        return [*ever, *super()._prices(customers, catalogue)]


@settings(
    max_examples=2,
    # A world cannot be made smaller: what differs is printed line by line.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
@pytest.mark.django_db
def test_what_was_billed_in_the_end_is_what_the_independent_rater_says(db, seed):
    random = Random(seed)
    world = SmallWorld(random).draw()
    months = [date.fromisoformat(f"{month}-01") for month in world.months]
    months.append(month_cycle(months[-1]).ends_on)
    with transaction.atomic():
        enter(world)
        _wants_credit_notes(random)
        day = datetime.fromisoformat(f"{month_cycle(months[-1]).ends_on}T12:00+00:00") + DAY
        parts = _dealt(random, world.events, len(months))
        for month, events in zip(months, parts, strict=True):
            _receive(random, events, at=day)
            _revise_prices(random, at=day)
            credit_late_usage(now=day + DAY)
            for company in Company.objects.order_by("code"):
                run_bill_run(company=company, month=month, cutoff=day + DAY, issued_on=(day + DAY).date())
            day += 2 * DAY
        corrections = InvoiceLine.objects.filter(kind=InvoiceLine.Kind.CORRECTION)
        assert corrections.exists() or CreditNote.objects.filter(cause=CreditNote.Cause.LATE_USAGE).exists()
        different = _differences(months, at=day)
        assert not different, f"{len(different)} differ:\n" + "\n".join(different)
        transaction.set_rollback(True)


def _wants_credit_notes(random: Random) -> None:
    """Have half of the customers get what was billed too much back at once."""
    for account in Account.objects.order_by("code"):
        account.late_usage = random.choice(Account.LateUsage.values)
        account.save()


def _dealt(random: Random, events: Sequence[IncomingEvent], parts: int) -> list[list[IncomingEvent]]:
    """Deal out events: most come in time for the first month, the others for a later one."""
    dealt: list[list[IncomingEvent]] = [[] for _ in range(parts)]
    for event in events:
        dealt[random.choices(range(parts), weights=[8, *([1] * (parts - 1))])[0]].append(event)
    return dealt


def _receive(random: Random, events: Sequence[IncomingEvent], *, at: datetime) -> None:
    head = Company.objects.get(code=HEAD.company)
    ingest(
        random.sample(events, k=len(events)),
        sender=Sender(company_id=head.pk, head_office_id=head.pk),
        received_at=at,
        channel="test",
    )
    mediate_waiting(now=at)
    rate_stale_periods(as_of=at)


def _revise_prices(random: Random, *, at: datetime) -> None:
    """Correct some prices from the instant on at which they began."""
    standing = list(Price.objects.filter(superseded_at=None).order_by("pk"))
    for price in random.sample(standing, k=PRICES_REVISED):
        enter_price(
            company=price.company,
            product=Product.objects.get(pk=price.product_id),
            currency=price.currency,
            account=price.account,
            terms=random_terms(random),
            valid_from=price.valid_from,
            valid_to=price.valid_to,
            entered_at=at,
        )
    rate_stale_periods(as_of=at)


def _differences(months: Sequence[date], *, at: datetime) -> list[str]:
    until = month_cycle(months[-1]).ends_on
    for company in Company.objects.order_by("code"):
        reconcile_days(company=company, starts_on=months[0], ends_on=until, levels=LEVELS, at=at)
    assert ReconciliationRun.objects.exists()
    return [f"{one.run.level} {one.run.month} {one}" for one in Discrepancy.objects.all()]
