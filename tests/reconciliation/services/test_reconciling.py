"""What a run keeps: totals of both sides by unit, and both sides of what differs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from metering.domain.incoming_events import USAGE, IncomingEvent
from metering.services.ingestion import Sender, ingest
from reconciliation.models import ReconciliationRun
from reconciliation.services.finance_totals import record_finance_totals
from reconciliation.services.reconciling import reconcile
from tests.factories.bill_runs import MARCH, bill, office, use

pytestmark = pytest.mark.django_db
AT = datetime(2026, 4, 4, 6, tzinfo=UTC)
DAY = timedelta(days=1)
Level = ReconciliationRun.Level


def test_a_run_keeps_the_totals_of_both_sides():
    """100 GB at 1 EUR and 20 GB: 120 EUR net, 142.80 gross; finance has 119 and 25.80."""
    north = office(accounts=["a", "b"])
    use("a", "100")
    use("b", "20")
    bill(north)
    record_finance_totals(company=north, month=MARCH, totals={"a": Decimal("119.00"), "b": Decimal("25.80")})

    invoiced, rated, finance = (
        reconcile(company=north, month=MARCH, level=level, at=AT)
        for level in (Level.RATED_TO_INVOICED, Level.RECEIVED_TO_RATED, Level.BILLING_TO_FINANCE)
    )

    assert totals(invoiced) == [("EUR", 2, 0, Decimal(120), Decimal(120), Decimal(0))]
    assert totals(rated) == [("GB", 2, 0, Decimal(120), Decimal(120), Decimal(0))]
    assert totals(finance) == [
        ("EUR", 2, 1, Decimal("142.80"), Decimal("144.80"), Decimal(-2)),
    ]
    (found,) = finance.discrepancies.all()
    assert (found.first, found.second, found.difference) == (Decimal("23.80"), Decimal("25.80"), Decimal(-2))


def test_what_comes_to_nothing_at_nine_decimals_is_no_difference():
    """A quarter of 0.000000000001 GB lies in March: neither rater charges it, and both have heard of it."""
    north = office(accounts=["a"])
    record = IncomingEvent(
        *("meters", "tiny", USAGE, "", datetime(2026, 3, 31, 21, tzinfo=UTC), "{}"),
        account="a",
        sku="TRAFFIC",
        quantity=Decimal("0.000000000001"),
        until=datetime(2026, 4, 1, 1, tzinfo=UTC),
    )
    head_office = north.parent_id
    ingest([record], sender=Sender(head_office, head_office), received_at=AT - 2 * DAY, channel="test")
    bill(north)
    for level in (Level.STREAM_TO_BILLING, Level.RECEIVED_TO_RATED):
        run = reconcile(company=north, month=MARCH, level=level, at=AT)
        assert not run.discrepancies.exists()


def totals(run):
    return [
        (total.unit, total.compared, total.differing, total.first, total.second, total.difference)
        for total in run.totals.all()
    ]
