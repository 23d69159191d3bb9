"""The order stream's own account of what it sent, set beside what was received, by id."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing_site.common.tables import TableRefused
from catalogue.models import UnitFactor
from metering.domain.incoming_events import USAGE, IncomingEvent
from metering.services.ingestion import Sender, ingest
from metering.services.mediation import mediate_waiting
from reconciliation.models import ControlDay, ControlLine, ReconciliationRun
from reconciliation.services.control_totals import ToldDays, take_control, take_control_file
from reconciliation.services.reconciling import reconcile, reconcile_days
from tests.factories.control import HEADING, NOW, control_lines, csv, stream, take
from tests.factories.metered import MARCH, at

pytestmark = pytest.mark.django_db
LEVEL = ReconciliationRun.Level.STREAM_TO_RECEIVED


@pytest.fixture(name="stream")
def a_stream():
    return stream()


def differences(run):
    return [
        (found.kind, found.key, found.difference, found.note)
        for found in run.discrepancies.order_by("kind", "key")
    ]


def month_of(world):
    return reconcile(company=world.head, month=MARCH, level=LEVEL, at=NOW)


def test_what_was_sent_was_received(stream):
    assert str(take(stream, control_lines())) == "days told by lines: 2; 22 stored, 0 removed, 0 unchanged"
    run = month_of(stream)
    assert (run.compared, differences(run)) == (22, [])
    (total,) = [total for total in run.totals.all() if total.unit == "GPU-hour"]
    assert (total.first, total.second) == (Decimal(30), Decimal(30))


def test_a_damaged_control_file_shows_five_extra_three_missing_two_mismatched_by_id(stream):
    """5 lines dropped, 3 repeated under new ids, 2 quantities altered."""
    lines = control_lines()
    repeated = [(source, f"{id}-again", *rest) for source, id, *rest in lines[5:8]]
    altered = [(*line[:4], "2.25") for line in lines[8:10]]
    take(stream, [*lines[5:8], *altered, *lines[10:], *repeated])
    run = month_of(stream)
    assert run.compared == 25
    assert differences(run) == [
        *[("extra", f"meters vm-1-{hour:02}", Decimal("-1.5"), "") for hour in range(5)],
        *[("mismatch", f"meters vm-1-{hour:02}", Decimal("0.75"), "") for hour in (8, 9)],
        *[("missing", f"meters vm-1-{hour:02}-again", Decimal("1.5"), "") for hour in (5, 6, 7)],
    ]
    missing = run.discrepancies.filter(kind="missing").first()
    assert (missing.account, missing.resource, missing.day) == ("acme", "vm-1", date(2026, 3, 5))
    extra = run.discrepancies.filter(kind="extra").first()
    assert (extra.account, extra.sku, extra.currency) == ("acme", "GPU", "EUR")


def test_the_same_damage_sent_to_us_is_three_duplicates_and_two_conflicts_and_changes_no_sum(stream):
    """3 events again under the same id, 2 with another quantity: the first ones stand."""
    take(stream, control_lines())
    events = [
        IncomingEvent(
            source="meters",
            id=f"vm-1-{hour:02}",
            type=USAGE,
            subject="vm-1",
            time=at(5, hour, 30),
            payload="{}",
            sku="GPU",
            quantity=Decimal(quantity),
        )
        for hour, quantity in [(5, "1.5"), (6, "1.5"), (7, "1.50"), (8, "2.25"), (9, "2.25")]
    ]
    sender = Sender(company_id=stream.head.pk, head_office_id=stream.head.pk)
    report = ingest(events, sender=sender, received_at=NOW, channel="test")
    assert report.counts == {"duplicate": 3, "conflict": 2}
    mediate_waiting(now=NOW)
    run = month_of(stream)
    assert (run.compared, differences(run)) == (22, [])
    assert sum(total.second for total in run.totals.all()) == Decimal(30)


def test_another_resource_or_hour_is_a_mismatch_that_says_so(stream):
    lines = control_lines()
    take(
        stream,
        [
            ("meters", "vm-1-00", "vm-2", "2026-03-05T00:00:00Z", "1.5"),
            ("meters", "vm-1-01", "vm-1", "2026-03-05T02:00:00Z", "1.5"),
            *lines[2:],
        ],
    )
    assert differences(month_of(stream)) == [
        ("mismatch", "meters vm-1-00", Decimal(0), 'received for the resource "vm-1"'),
        ("mismatch", "meters vm-1-01", Decimal(0), "received for 2026-03-05 01:30 UTC"),
    ]


def test_quantities_are_told_in_the_product_s_unit(stream):
    """7,200 seconds are told and 3,600 were received: 1 hour too much."""
    seconds = stream.product("CPU", unit="CPU-hour")
    UnitFactor.objects.create(product=seconds, unit="second", numerator=1, denominator=3600)
    stream.use("CPU", at(5, 3), "3600", resource="vm-1", id="cpu-1", unit="second")
    take(stream, [*control_lines(), ("meters", "cpu-1", "vm-1", "2026-03-05T03:00:00Z", "7200")])
    assert differences(month_of(stream)) == [("mismatch", "meters cpu-1", Decimal(1), "")]


def test_sent_again_nothing_changes_and_a_day_is_replaced_as_a_whole(stream):
    lines = control_lines()
    take(stream, lines)
    before = ControlDay.objects.get(source="meters")
    again = take_control_file(company=stream.head, file=csv(lines), received_at=at(3, month=4))
    assert (again.stored, again.removed, again.unchanged) == (0, 0, 22)
    assert ControlDay.objects.get(source="meters").received_at == before.received_at
    less = take(stream, [(*lines[0][:4], "3"), *lines[1:18]])
    assert (less.stored, less.removed, less.unchanged) == (1, 2, 17)
    day = ControlDay.objects.get(source="meters")
    assert (day.line_count, day.quantity) == (18, Decimal("28.5"))


def test_only_days_that_were_told_are_compared(stream):
    stream.use("GPU", at(6, 1), "1", resource="vm-1")
    take(stream, control_lines())
    assert differences(month_of(stream)) == []
    days = reconcile_days(
        company=stream.head, starts_on=date(2026, 3, 6), ends_on=date(2026, 3, 7), levels=[LEVEL], at=NOW
    )
    assert [(run.compared, run.starts_on, run.ends_on) for run in days] == [
        (0, date(2026, 3, 6), date(2026, 3, 7))
    ]
    nothing_sent = ToldDays("meters", date(2026, 3, 6), date(2026, 3, 6))
    take_control(company=stream.head, kind="lines", lines=[], told=nothing_sent, received_at=NOW)
    assert [row[:2] for row in differences(month_of(stream))] == [("extra", "meters u22")]


def test_a_range_is_compared_month_by_month(stream):
    take(stream, control_lines())
    runs = reconcile_days(
        company=stream.head, starts_on=date(2026, 2, 27), ends_on=date(2026, 3, 6), levels=[LEVEL], at=NOW
    )
    assert [(run.month, run.starts_on, run.ends_on, run.compared) for run in runs] == [
        (date(2026, 2, 1), date(2026, 2, 27), date(2026, 3, 1), 0),
        (MARCH, MARCH, date(2026, 3, 6), 22),
    ]


def test_totals_by_account_product_and_day(stream):
    """10 records of 1.5 for each of two resources; vm-1 stops at 06:00 on the 6th: 30 and 48 + 30 h."""
    stream.life("vm-1", at(6, 6), "decommissioned")
    mediate_waiting(now=NOW)
    totals = [
        ("meters", "acme", "GPU", "2026-03-05", "30"),
        ("orders", "acme", "VM", "2026-03-05", "48"),
        ("orders", "acme", "VM", "2026-03-06", "31"),
    ]
    taken = take(stream, totals, heading="source,account,sku,day,quantity")
    assert str(taken) == "days told by totals: 3; 3 stored, 0 removed, 0 unchanged"
    run = month_of(stream)
    assert run.compared == 3
    (found,) = run.discrepancies.all()
    assert (
        found.kind,
        found.key,
        found.difference,
        found.quantity_difference,
        found.day,
        found.currency,
    ) == (
        *("mismatch", "orders acme VM 2026-03-06", Decimal(1), Decimal(1)),
        *(date(2026, 3, 6), "EUR"),
    )
    again = take(stream, totals[1:], heading="source,account,sku,day,quantity")
    assert (again.stored, again.removed, again.unchanged) == (0, 0, 2)


def test_compensating_days_are_two_differences(stream):
    stream.use("GPU", at(6, 1), "4", resource="vm-1")
    totals = [("meters", "acme", "GPU", "2026-03-05", "31"), ("meters", "acme", "GPU", "2026-03-06", "3")]
    take(stream, totals, heading="source,account,sku,day,quantity")
    run = month_of(stream)
    assert [found.difference for found in run.discrepancies.order_by("key")] == [Decimal(1), Decimal(-1)]
    assert run.totals.get().difference == 0


def test_an_id_of_a_day_that_is_not_replaced_is_refused(stream):
    lines = control_lines()
    take(stream, lines)
    with pytest.raises(
        TableRefused, match="line 2, id: This id was told for 2026-03-05, which is not replaced"
    ):
        take(stream, [("meters", "vm-1-00", "vm-1", "2026-03-06T00:00:00Z", "1.5")])
    assert ControlLine.objects.count() == 22


def test_a_line_outside_of_the_days_told_is_refused(stream):
    told = ToldDays("meters", date(2026, 3, 6), date(2026, 3, 7))
    line = dict(zip(HEADING.split(","), control_lines()[0], strict=True))
    with pytest.raises(TableRefused, match="line 1, hour: It lies outside of the days that are told"):
        take_control(company=stream.head, kind="lines", lines=[(1, line)], told=told, received_at=NOW)


def test_only_the_sender_s_own_events_are_its_stream(stream):
    """What the office sends itself is told by the office."""
    sender = Sender(company_id=stream.office.pk, head_office_id=stream.head.pk)
    event = IncomingEvent(*("meters", "own", USAGE, "vm-1", at(5, 3), "{}"), sku="GPU", quantity=Decimal(1))
    ingest([event], sender=sender, received_at=NOW, channel="test")
    take(stream, control_lines())
    assert differences(month_of(stream)) == []
    own = [("meters", "lost", "vm-1", "2026-03-05T03:00:00Z", "1")]
    take_control_file(company=stream.office, file=csv(own), received_at=NOW)
    run = reconcile(company=stream.office, month=MARCH, level=LEVEL, at=datetime(2026, 4, 3, tzinfo=UTC))
    assert [row[:2] for row in differences(run)] == [("extra", "meters own"), ("missing", "meters lost")]
