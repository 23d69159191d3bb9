"""Writers whose commits come out of order, mediators side by side, bill runs meanwhile: all is taken once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from threading import Barrier, Event
from time import sleep

import pytest
from django.db import OperationalError, connection, transaction

from catalogue.domain.price_models import PerUnit
from catalogue.domain.terms import PriceTerms
from catalogue.models import Company, Product
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from catalogue.services.prices import enter_price
from metering.domain.incoming_events import USAGE, IncomingEvent
from metering.models import AccountPeriod, Charge, EventIdentity, IngestBatch, RatingRun
from metering.services.ingestion import Sender, ingest
from metering.services.mediation import mediate_some, mediate_waiting
from metering.services.rating import rate_stale_periods
from tests.factories.months import close_month

pytestmark = pytest.mark.django_db(transaction=True)
MARCH = date(2026, 3, 1)
NOW = datetime(2026, 4, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def sender() -> Sender:
    """A head office with two sales offices, an account in each, and traffic at 1 a GB."""
    head_office = open_company(code="hq", name="hq", country="US", currency="USD", timezone="UTC")
    for code in ("north", "south"):
        office = open_company(
            code=code, name=code, country="US", currency="USD", timezone="UTC", parent=head_office
        )
        open_account(code=f"{code}-1", company=office, timezone="UTC")
        product, _ = Product.objects.get_or_create(sku="TRAFFIC", unit="GB", kind="usage")
        enter_price(
            company=office,
            product=product,
            currency=office.currency,
            terms=PriceTerms(PerUnit(Decimal(1))),
            valid_from=datetime(2026, 1, 1, tzinfo=UTC),
            entered_at=NOW,
        )
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '20s'")  # what waits for ever fails
    return Sender(head_office.pk, head_office.pk)


def used(number: int, account: str = "north-1") -> IncomingEvent:
    time = datetime(2026, 3, 10, tzinfo=UTC) + timedelta(seconds=number)
    return IncomingEvent(
        *("meters", f"u-{number}", USAGE, "", time, "{}"),
        account=account,
        sku="TRAFFIC",
        quantity=Decimal(2) ** number,
    )


def send(sender: Sender, *events: IncomingEvent, received_at: datetime = NOW) -> None:
    ingest(list(events), sender=sender, received_at=received_at, channel="test")


def waiting() -> int:
    return IngestBatch.objects.filter(mediated_at=None).count()


def charged(account: str = "north-1") -> Decimal:
    """What the account's charges add up to, of all months: each record is a power of two."""
    charges = Charge.objects.filter(
        account_id__in=AccountPeriod.objects.filter(account__code=account).values("account_id")
    )
    return sum((charge.net_amount for charge in charges), Decimal(0))


@contextmanager
def uncommitted(work: Callable[[], object]) -> Iterator[None]:
    """Do the work in a transaction on a connection of its own, which commits when the block ends."""
    done, release = Event(), Event()

    def run() -> None:
        try:
            with transaction.atomic():
                work()
                done.set()
                assert release.wait(60)
        finally:
            done.set()
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run)
        assert done.wait(60)
        try:
            yield
        finally:
            release.set()
            future.result()


def test_what_commits_late_is_taken_though_younger_batches_were_mediated_before(sender):
    with uncommitted(lambda: send(sender, used(0))):
        send(sender, used(1))
        assert mediate_waiting(now=NOW) == 1
        rate_stale_periods(as_of=NOW)
        assert charged() == 2
    late, early = IngestBatch.objects.order_by("id").values_list("mediated_at", flat=True)
    assert (late, early) == (None, NOW), "the one that committed last has the lower id"
    assert mediate_waiting(now=LATER) == 1
    rate_stale_periods(as_of=LATER)
    assert charged() == 3
    assert mediate_waiting(now=LATER) == 0


def test_an_open_bill_run_keeps_nobody_elsewhere_waiting(sender):
    send(sender, used(0, "south-1"))
    mediate_waiting(now=NOW)
    south = Company.objects.get(code="south")
    with uncommitted(lambda: close_month(company=south, month=MARCH, cutoff=NOW)):
        for number in range(1, 4):
            send(sender, used(number))
            assert mediate_waiting(now=NOW) == 1
            rate_stale_periods(as_of=NOW)
        assert charged() == 14
    assert charged("south-1") == 1


def test_what_is_learnt_of_a_month_that_is_just_being_closed_is_a_difference(sender):
    send(sender, used(0))
    mediate_waiting(now=NOW)
    north = Company.objects.get(code="north")

    def mediate_and_rate() -> int:
        try:
            return mediate_waiting(now=LATER)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with uncommitted(lambda: close_month(company=north, month=MARCH, cutoff=NOW)):
            send(sender, used(1), received_at=LATER)
            mediated = pool.submit(mediate_and_rate)
            rate_stale_periods(as_of=LATER)
            assert not RatingRun.objects.exists(), "the month belongs to the bill run"
        assert mediated.result(30) == 1
    rate_stale_periods(as_of=LATER)
    months = Charge.objects.order_by("month").values_list("month", "service_month", "net_amount")
    assert list(months) == [(MARCH, MARCH, 1), (date(2026, 4, 1), MARCH, 2)]


def test_no_difference_slips_into_a_month_that_is_just_being_closed(sender):
    """March is closed. While April is being closed, something new is learnt of March."""
    north = Company.objects.get(code="north")
    send(sender, used(0))
    mediate_waiting(now=NOW)
    close_month(company=north, month=MARCH, cutoff=NOW)
    april, may = date(2026, 4, 1), date(2026, 5, 1)
    end = datetime(2026, 5, 1, tzinfo=UTC)
    with uncommitted(lambda: close_month(company=north, month=april, cutoff=end)):
        send(sender, used(1), received_at=end + timedelta(hours=1))
        assert mediate_waiting(now=end) == 1
        rate_stale_periods(as_of=end)
    rate_stale_periods(as_of=end)
    assert charged() == 3
    difference = Charge.objects.get(net_amount=2)
    assert (difference.month, difference.service_month) == (may, MARCH)


@pytest.mark.parametrize("seed", range(3))
def test_many_writers_and_two_mediators_miss_nothing_and_take_nothing_twice(sender, seed):
    random = Random(seed)
    numbers = list(range(40))
    random.shuffle(numbers)
    pauses = [random.uniform(0, 0.05) for _ in numbers]
    writing = Barrier(6)

    def write(part: int) -> None:
        writing.wait()
        try:
            for number, pause in list(zip(numbers, pauses, strict=True))[part::4]:
                with transaction.atomic():
                    send(sender, used(number))
                    sleep(pause)  # meanwhile others commit
        finally:
            connection.close()

    def mediate() -> int:
        writing.wait()
        taken = 0
        try:
            while not finished.is_set():
                taken += mediate_waiting(now=NOW)
        finally:
            connection.close()
        return taken

    finished = Event()
    with ThreadPoolExecutor(6) as pool:
        mediators = [pool.submit(mediate) for _ in range(2)]
        for writer in [pool.submit(write, part) for part in range(4)]:
            writer.result()
        finished.set()
        taken = sum(mediator.result() for mediator in mediators)
    taken += mediate_waiting(now=NOW)
    assert taken == IngestBatch.objects.count() == 40
    rate_stale_periods(as_of=NOW)
    assert charged() == 2**40 - 1


def test_a_backlog_is_caught_up_in_bounded_batches_each_of_which_stands(sender):
    for number in range(25):
        send(sender, used(2 * number), used(2 * number + 1))
    assert [mediate_some(now=NOW, event_limit=10) for _ in range(2)] == [5, 5]
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        mediate_some(now=LATER, event_limit=10)
        raise KeyboardInterrupt  # as if it was killed before the commit
    assert waiting() == 15
    assert [mediate_some(now=LATER, event_limit=10) for _ in range(4)] == [5, 5, 5, 0]
    rate_stale_periods(as_of=LATER)
    assert charged() == 2**50 - 1


def test_a_batch_larger_than_the_bound_is_taken_by_itself(sender):
    send(sender, *(used(number) for number in range(20)))
    send(sender, used(20))
    assert [mediate_some(now=NOW, event_limit=10) for _ in range(3)] == [1, 1, 0]


def test_a_crash_between_the_identity_and_the_event_leaves_nothing_and_the_retry_is_counted_once(sender):
    """EC62: the session is killed when its identities are written and its events are not."""

    def send_and_die() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                session.append(cursor.fetchone()[0])
            send(sender, used(0))
        finally:
            connection.close()

    session: list[int] = []
    with ThreadPoolExecutor(1) as pool, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE metering_usageevent IN SHARE MODE")  # here it has to wait
        sending = pool.submit(send_and_die)
        waits = (
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'metering_usageevent'::regclass"
        )
        for _ in range(2000):
            cursor.execute(waits)
            if cursor.fetchone()[0]:
                break
            sleep(0.01)
        cursor.execute("SELECT pg_terminate_backend(%s)", session)
        with pytest.raises(OperationalError):
            sending.result(30)
    assert not EventIdentity.objects.exists()
    (result,) = ingest([used(0)], sender=sender, received_at=NOW, channel="test").results
    assert result.status == "accepted"
    mediate_waiting(now=NOW)
    rate_stale_periods(as_of=NOW)
    assert charged() == 1
