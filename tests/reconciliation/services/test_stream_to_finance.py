"""End to end: the stream, priced by the independent rater, with tax, against what finance booked."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest

from catalogue.models import Account, Promotion
from invoicing.domain.credits import CreditRequest
from invoicing.models import Invoice
from invoicing.services.credit_notes import credit_invoice
from reconciliation.models import ReconciliationRun
from reconciliation.services.finance_totals import record_finance_totals, take_finance_file
from reconciliation.services.reconciling import reconcile
from tests.factories.bill_runs import APRIL, MARCH, bill, office, use

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 4, 6, tzinfo=UTC)
LATE = datetime(2026, 4, 3, tzinfo=UTC)


@pytest.fixture
def north():
    return office(accounts=["a", "b"])


def compare(company, month, **booked):
    totals = {account: Decimal(amount) for account, amount in booked.items()}
    record_finance_totals(company=company, month=month, totals=totals)
    run = reconcile(company=company, month=month, level=ReconciliationRun.Level.STREAM_TO_FINANCE, at=AT)
    return run.compared, [(row.kind, row.account, row.difference) for row in run.discrepancies.all()]


def test_the_stream_comes_to_what_finance_booked(north):
    """100 and 20 GB at 1 EUR with 19 %: 119.00 and 23.80."""
    use("a", "100")
    use("b", "20")
    bill(north)
    assert compare(north, MARCH, a="119.00", b="23.80") == (2, [])
    assert compare(north, MARCH, a="109.00", b="33.80") == (
        2,
        [("mismatch", "a", Decimal(10)), ("mismatch", "b", Decimal(-10))],
    )
    assert compare(north, MARCH, a="119.00") == (2, [("missing", "b", Decimal("23.80"))])


def test_what_was_never_billed_is_missing_at_finance(north):
    use("a", "100")
    assert compare(north, MARCH) == (1, [("missing", "a", Decimal("119.00"))])


def test_late_usage_counts_where_it_is_billed(north):
    """10 GB of March came after its cut-off: on April's invoice, 11.90 beside 5 GB of April, 5.95."""
    use("a", "100")
    bill(north)
    use("a", "10", received_at=LATE)
    use("a", "5", at=datetime(2026, 4, 10, tzinfo=UTC), received_at=datetime(2026, 4, 10, tzinfo=UTC))
    bill(north, month=APRIL, cutoff=datetime(2026, 5, 2, tzinfo=UTC), issued_on=date(2026, 5, 3))
    assert compare(north, MARCH, a="119.00") == (1, [])
    assert compare(north, APRIL, a="17.85") == (1, [])


def test_discounts_and_credit_notes_are_taken_as_they_are(north):
    """100.00 less 10 %: 107.10 gross; credited 50.00 net, 59.50 gross."""
    promotion = Promotion.objects.create(code="spring", company=north, percent=Decimal(10), valid_from=MARCH)
    promotion.accounts.add(Account.objects.get(code="a"))
    use("a", "100")
    bill(north)
    credit_invoice(
        invoice=Invoice.objects.get(account__code="a"),
        request=CreditRequest(amount=Decimal(50)),
        request_id="goodwill",
        issued_on=date(2026, 4, 5),
        reason="goodwill",
    )
    assert compare(north, MARCH, a="47.60") == (1, [])


def test_credit_notes_for_late_usage_stand_against_the_invoice(north):
    """A record of 40 GB is withdrawn after March was billed: 119.00 less 47.60."""
    from invoicing.services.late_credits import credit_late_usage
    from metering.domain.incoming_events import VOID, IncomingEvent
    from metering.models import UsageEvent
    from metering.services.ingestion import Sender, ingest
    from metering.services.mediation import mediate_waiting
    from metering.services.rating import rate_stale_periods

    Account.objects.filter(code="a").update(late_usage="credit_note")
    use("a", "60")
    use("a", "40")
    bill(north)
    wrong = UsageEvent.objects.get(quantity=40)
    void = IncomingEvent("meters", "v-1", VOID, "", wrong.time, "{}", voids=wrong.event_id)
    sender = Sender(wrong.head_office_id, wrong.head_office_id)
    ingest([void], sender=sender, received_at=LATE, channel="test")
    mediate_waiting(now=LATE)
    rate_stale_periods(as_of=LATE)
    assert credit_late_usage(now=LATE) == 1
    assert compare(north, MARCH, a="71.40") == (1, [])


def test_finance_may_book_by_day(north):
    use("a", "100")
    bill(north)
    days = b"account,currency,day,amount\na,EUR,2026-04-03,119.00\na,EUR,2026-04-20,7.00\n"
    take_finance_file(companies=[north], file=BytesIO(days))
    run = reconcile(company=north, month=MARCH, level=ReconciliationRun.Level.STREAM_TO_FINANCE, at=AT)
    assert (run.compared, run.discrepancies.count()) == (1, 0)
