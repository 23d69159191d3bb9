"""A fault planted in the SQL of the primary path is found by the level that is there for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest
from django.db import IntegrityError, connection
from django.test.utils import override_settings

from billing_site.common import sql
from billing_site.scenarios.databases import ScenarioDatabases, scenario_databases
from billing_site.scenarios.outcome import Outcome
from billing_site.scenarios.reader import read_scenario
from billing_site.scenarios.setup import set_up
from billing_site.scenarios.steps import tell
from billing_site.scenarios.story import Story
from catalogue.models import Company
from invoicing.models import BillRunAccount, Invoice
from reconciliation.models import ReconciliationRun
from reconciliation.services.finance_totals import record_finance_totals
from reconciliation.services.reconciling import reconcile

STORY = Path(__file__).with_name("planted_faults.yaml")
JANUARY = date(2026, 1, 1)
AT = datetime(2026, 3, 4, 6, tzinfo=UTC)
# Worked out by hand in the story: 48.84 less 3.43 for GAMMA.
FINANCE = {"ALPHA": Decimal("31.01"), "BETA": Decimal("34.56"), "GAMMA": Decimal("45.41")}

Level = ReconciliationRun.Level


@dataclass(frozen=True)
class Fault:
    """What is written instead of what stands in a statement, and the level that has to find it.

    found: [what that level has to say, by kind, account, SKU and difference]. guards: [constraints, by table,
    that refuse the fault before it is stored, taken away to see whether the level finds it without them].
    """

    statement: tuple[str, str]
    right: str
    wrong: str
    level: str
    found: set[tuple[str, str, str, str]]
    guards: dict[str, str] = field(default_factory=dict)


FAULTS = {
    "wrong tier bound": Fault(
        statement=("metering", "price_quantities"),
        right="least(b.charged, coalesce(t.up_to * q.denominator, b.charged))",
        wrong="least(b.charged, coalesce((t.up_to + 1) * q.denominator, b.charged))",
        level=Level.PRIMARY_TO_SECONDARY,
        # 101 of 160 GB at 0.10: 0.10 more.
        found={("mismatch", "ALPHA", "GB", "0.1")},
    ),
    "dropped hour": Fault(
        statement=("metering", "collect_used_time"),
        right="least(l.ended_at, p.count_until) AS ended_at",
        wrong="least(l.ended_at, p.count_until) - interval '1 hour' AS ended_at",
        level=Level.STREAM_TO_BILLING,
        found={
            ("mismatch", "ALPHA", "VM", "1"),
            ("mismatch", "BETA", "VM", "1"),
            ("mismatch", "GAMMA", "VM", "1"),
        },
    ),
    "old price": Fault(
        statement=("metering", "cut_price_segments"),
        right="e.valid_from DESC NULLS LAST",
        wrong="e.valid_from ASC NULLS LAST",
        level=Level.PRIMARY_TO_SECONDARY,
        # 384 and 336 hours at 0.01 less.
        found={("mismatch", "BETA", "VM", "-3.84"), ("mismatch", "GAMMA", "VM", "-3.36")},
    ),
    "period bound an hour off": Fault(
        statement=("metering", "open_periods"),
        right="coalesce(earlier.period_end, local_midnight(m.month, a.timezone))",
        wrong="coalesce(earlier.period_end, local_midnight(m.month, a.timezone)) + interval '1 hour'",
        level=Level.STREAM_TO_BILLING,
        found={("mismatch", "ALPHA", "VM", "1"), ("mismatch", "GAMMA", "VM", "1")},
    ),
    "transfer billed to the old account": Fault(
        statement=("metering", "build_timeline"),
        right="(PARTITION BY head_office_id, resource, account_group ORDER BY n)",
        wrong="(PARTITION BY head_office_id, resource ORDER BY n)",
        level=Level.STREAM_TO_BILLING,
        found={("mismatch", "ALPHA", "VM", "-504"), ("missing", "BETA", "VM", "504")},
    ),
    "correction lost": Fault(
        statement=("metering", "subtract_billed"),
        right="FROM difference WHERE quantity <> 0 OR net_amount <> 0",
        wrong="FROM difference WHERE false",
        level=Level.STREAM_TO_BILLING,
        found={("mismatch", "ALPHA", "GB", "10"), ("mismatch", "GAMMA", "VM", "-48")},
    ),
    "correction doubled": Fault(
        statement=("metering", "subtract_billed"),
        right="sum(quantity) AS quantity, max(unit_price) AS unit_price, sum(amount) AS amount,\n"
        "           sum(net_amount) AS net_amount\n      FROM (",
        wrong="2 * sum(quantity) AS quantity, max(unit_price) AS unit_price, 2 * sum(amount) AS amount,\n"
        "           2 * sum(net_amount) AS net_amount\n      FROM (",
        level=Level.PRIMARY_TO_SECONDARY,
        found={("mismatch", "ALPHA", "GB", "0.8"), ("mismatch", "GAMMA", "VM", "-2.88")},
    ),
    "charge on two lines": Fault(
        statement=("invoicing", "draft_lines"),
        right="  LEFT JOIN metering_resource r ON r.id = c.resource_id",
        wrong="  LEFT JOIN metering_resource r ON r.id = c.resource_id\n"
        " CROSS JOIN generate_series(1, CASE d.sku WHEN 'DNS' THEN 2 ELSE 1 END)",
        level=Level.RATED_TO_INVOICED,
        found={("mismatch", "ALPHA", "DNS", "-0.03")},
        guards={"invoicing_invoiceline": "invoice_line_bills_a_charge_once"},
    ),
    "tax per line": Fault(
        statement=("invoicing", "draft_taxes"),
        right="ELSE half_up(t.taxable_amount * coalesce(x.percent, 0), 100, t.places) END",
        wrong="ELSE (SELECT sum(half_up(n.net_amount * coalesce(x.percent, 0), 100, t.places))\n"
        "                   FROM invoicing_invoiceline n\n"
        "                  WHERE n.invoice_id = t.invoice_id AND n.tax_category = t.category) END",
        level=Level.BILLING_TO_FINANCE,
        found={("mismatch", "ALPHA", "", "0.01")},
    ),
    "credit note with the wrong sign": Fault(
        statement=("invoicing", "credit_late_lines"),
        right="-w.net_amount, treated_category(",
        wrong="w.net_amount, treated_category(",
        level=Level.BILLING_TO_FINANCE,
        # 48.84 and 3.43 instead of less 3.43.
        found={("mismatch", "GAMMA", "", "6.86")},
        guards={"invoicing_creditnote": "credit_note_gives_back"},
    ),
}


@pytest.fixture(scope="module")
def databases(django_db_blocker) -> Iterator[ScenarioDatabases]:
    with django_db_blocker.unblock(), scenario_databases() as session:
        yield session


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name, databases, monkeypatch, record_property):
    fault = FAULTS[name]
    plant(fault, monkeypatch)
    with databases.copy():
        take_away(fault.guards)
        story = told()
        assert story.outcome.trouble == ""
        found = discrepancies()
    assert found[fault.level] == fault.found
    where = [level for level, rows in found.items() if rows]
    record_property("planted fault", f"{name:<36} {fault.level:<22} {', '.join(where)}")


def test_a_second_line_for_a_charge_is_refused_and_its_account_parked(databases, monkeypatch):
    plant(FAULTS["charge on two lines"], monkeypatch)
    with databases.copy():
        told(steps=7)
        assert list(Invoice.objects.order_by("account__code").values_list("account__code", "state")) == [
            ("BETA", "issued"),
            ("GAMMA", "issued"),
        ]
        (parked,) = BillRunAccount.objects.filter(state="parked")
        assert parked.account.code == "ALPHA"


def test_a_credit_note_that_takes_is_refused(databases, monkeypatch):
    plant(FAULTS["credit note with the wrong sign"], monkeypatch)
    with databases.copy(), pytest.raises(IntegrityError, match="credit_note_gives_back"):
        told()


def test_without_a_fault_every_level_agrees(databases):
    with databases.copy():
        story = told()
        assert [check.differences for check in story.outcome.checks] == [[]] * 5
        assert set(map(len, discrepancies().values())) == {0}


def plant(fault, monkeypatch):
    """Write the wrong text in the place of the right one, which must stand there exactly once."""
    right = sql.statement(*fault.statement)
    assert right.count(fault.right) == 1, f"{fault.statement} is in other words now: plant anew"
    wrong = right.replace(fault.right, fault.wrong)
    written = sql.statement
    monkeypatch.setattr(
        sql, "statement", lambda app, name: wrong if (app, name) == fault.statement else written(app, name)
    )


def take_away(guards):
    with connection.cursor() as cursor:
        for table, constraint in guards.items():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")


def told(steps=None):
    """Tell the story, whatever its invoices say by now, to its end or so many steps of it."""
    story = Story(read_scenario(STORY), Outcome(STORY.stem))
    with override_settings(CELERY_BROKER_URL=""):
        set_up(story)
        for where, step in islice(story.scenario.steps(), steps):
            story.where = where
            tell(story, step)
    return story


def discrepancies():
    """What each level says of January after both months were billed."""
    company = Company.objects.get(code="DE1")
    record_finance_totals(company=company, month=JANUARY, totals=FINANCE)
    runs = {level: reconcile(company=company, month=JANUARY, level=level, at=AT) for level in Level}
    return {
        level: {
            (found.kind, found.account, found.sku, f"{found.difference.normalize():f}")
            for found in run.discrepancies.all()
        }
        for level, run in runs.items()
    }
