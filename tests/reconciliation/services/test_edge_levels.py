"""Two edge cases at the levels: an hour lost between charge and line, and a cent within a tolerance."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from billing_site.common import sql
from reconciliation.models import Finding, ReconciliationRun
from reconciliation.services.control_totals import take_control
from reconciliation.services.reconciling import reconcile
from tests.factories.bill_runs import MARCH, bill, office, use

pytestmark = pytest.mark.django_db
AT = datetime(2026, 4, 20, 6, tzinfo=UTC)
Level = ReconciliationRun.Level


def plant(monkeypatch, name, right, wrong):
    """Write the wrong text in the place of the right one, which must stand there exactly once."""
    written = sql.statement
    text = written(*name)
    assert text.count(right) == 1, f"{name} is in other words now: plant anew"
    planted = text.replace(right, wrong)
    monkeypatch.setattr(sql, "statement", lambda *asked: planted if asked == name else written(*asked))


def found(company, level, tolerance=0):
    run = reconcile(company=company, month=MARCH, level=level, at=AT, tolerance=tolerance)
    return [
        (row.account, row.quantity_difference, row.amount_difference, row.currency)
        for row in run.discrepancies.order_by("key")
    ]


def test_an_hour_that_is_rated_and_not_invoiced(monkeypatch):
    """744 sent, received and rated, 743 invoiced, at 1 EUR: only the last level breaks."""
    plant(
        monkeypatch,
        ("invoicing", "draft_lines"),
        "CASE WHEN c.kind = 'charge' THEN c.quantity END, d.unit, c.unit_price, c.net_amount",
        "CASE WHEN c.kind = 'charge' THEN c.quantity - 1 END, d.unit, c.unit_price, c.net_amount - 1",
    )
    north = office(accounts=["a"])
    use("a", "744")
    bill(north)
    total = {"source": "meters", "account": "a", "sku": "TRAFFIC", "day": "2026-03-20", "quantity": "744"}
    take_control(company=north.parent, kind="totals", lines=[(1, total)], told=None, received_at=AT)
    assert found(north.parent, Level.STREAM_TO_RECEIVED) == []
    assert found(north, Level.RECEIVED_TO_RATED) == []
    assert found(north, Level.RATED_TO_INVOICED) == [("a", Decimal(1), Decimal(1), "EUR")]


def test_a_cent_is_within_a_tolerance_of_one_and_a_euro_is_a_price(monkeypatch):
    """The second rating has 0.01 more for one account and 1.00 more for the other."""
    north = office(accounts=["a", "b"])
    use("a", "100")
    use("b", "20")
    bill(north)
    plant(
        monkeypatch,
        ("reconciliation", "add_secondary_charges"),
        "r.charge * u.unit,",
        "r.charge * u.unit + CASE a.code WHEN 'a' THEN 0.01 ELSE 1 END,",
    )
    cent, euro = ("a", 0, Decimal("-0.01"), "EUR"), ("b", 0, Decimal(-1), "EUR")
    assert found(north, Level.PRIMARY_TO_SECONDARY) == [cent, euro]
    assert found(north, Level.PRIMARY_TO_SECONDARY, tolerance=1) == [euro]
    assert Finding.objects.get(account__code="b", level=Level.PRIMARY_TO_SECONDARY).kind == "price"
