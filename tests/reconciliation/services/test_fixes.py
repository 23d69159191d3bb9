"""A fix calls the service that owns the row; the next run closes the finding, nobody else."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from invoicing.models import CreditNote
from metering.models import Charge, IngestBatch, ResourceInterval
from reconciliation.domain.fixes import NoSuchFix
from reconciliation.models import Finding, ReconciliationRun
from reconciliation.services.finance_totals import record_finance_totals
from reconciliation.services.fixes import fix_finding
from reconciliation.services.reconciling import reconcile
from tests.factories.bill_runs import MARCH as BILLED
from tests.factories.bill_runs import bill, office, use
from tests.factories.houses import operator_of
from tests.factories.metered import MARCH, at, metered, per_unit

pytestmark = pytest.mark.django_db
Level = ReconciliationRun.Level
NOW = at(2, 12, month=4)


@pytest.fixture
def world():
    """A machine that runs from 1 March on, rated in April."""
    world = metered()
    world.price(world.product("VM", kind="time", unit="hour"), per_unit("0.10"))
    world.life("vm-1", at(1), VM="1")
    world.rate(NOW)
    return world


def look(world, hours):
    reconcile(
        company=world.office,
        month=MARCH,
        level=Level.RECEIVED_TO_RATED,
        at=NOW + timedelta(hours=hours),
    )


def test_rating_again_brings_a_lost_charge_back(world):
    look(world, 0)
    assert not Finding.objects.exists()
    Charge.objects.filter(side="sell").delete()
    look(world, 1)
    finding = Finding.objects.get()
    assert (finding.kind, finding.resource) == ("missing", "vm-1")
    fix_finding(finding_id=finding.pk, fix="rate_again", by=operator_of(world.office, "finance"), at=NOW)
    finding.refresh_from_db()
    assert finding.state == "open"
    world.rate(NOW)
    look(world, 2)
    finding.refresh_from_db()
    assert finding.state == "fixed"
    assert [change.what for change in finding.changes.all()] == ["found", "rate_again", "gone"]


def test_taking_the_events_in_again_brings_a_lost_life_back(world):
    ResourceInterval.objects.all().delete()
    look(world, 1)
    finding = Finding.objects.get()
    assert finding.kind == "extra"
    by = operator_of(world.office, "finance")
    fix_finding(finding_id=finding.pk, fix="mediate_again", by=by, at=NOW)
    assert IngestBatch.objects.filter(mediated_at=None).count() == 1
    world.rate(NOW)
    look(world, 2)
    finding.refresh_from_db()
    assert finding.state == "fixed"


def test_a_credit_note_gives_back_what_finance_does_not_have():
    """100 EUR net, 119 gross; finance has 107.10, so 11.90 gross are 10 net."""
    north = office(accounts=["a"])
    use("a", "100")
    bill(north)
    record_finance_totals(company=north, month=BILLED, totals={"a": Decimal("107.10")})
    now = datetime(2026, 4, 4, 6, tzinfo=UTC)
    reconcile(company=north, month=BILLED, level=Level.BILLING_TO_FINANCE, at=now)
    finding = Finding.objects.get()
    by = operator_of(north, "finance")
    for _ in range(2):
        fix_finding(finding_id=finding.pk, fix="credit", by=by, at=now)
    note = CreditNote.objects.get()
    assert (note.net_amount, note.gross_amount) == (Decimal(10), Decimal("11.90"))
    reconcile(company=north, month=BILLED, level=Level.BILLING_TO_FINANCE, at=now + timedelta(days=1))
    finding.refresh_from_db()
    assert finding.state == "fixed"
    with pytest.raises(NoSuchFix):
        fix_finding(finding_id=finding.pk, fix="credit", by=by, at=now)


def test_what_was_billed_too_little_is_not_credited():
    north = office(accounts=["a"])
    record_finance_totals(company=north, month=BILLED, totals={"a": Decimal("5.00")})
    reconcile(
        company=north, month=BILLED, level=Level.BILLING_TO_FINANCE, at=datetime(2026, 4, 4, tzinfo=UTC)
    )
    with pytest.raises(NoSuchFix):
        fix_finding(
            finding_id=Finding.objects.get().pk,
            fix="credit",
            by=operator_of(north, "finance"),
            at=datetime(2026, 4, 4, tzinfo=UTC),
        )
