from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from reconciliation.models import ReconciliationRun
from reconciliation.services.finance_totals import record_finance_totals
from tests.factories.bill_runs import MARCH, bill, office, use

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    company = office(accounts=["a"])
    use("a", "100")
    bill(company)
    return company


def test_a_month_is_compared_at_a_level(north, capsys):
    call_command("reconcile", company="north", month=MARCH, level=["rated_to_invoiced"])
    (line,) = capsys.readouterr().out.splitlines()
    words = " ".join(line.split())
    assert words == "north 2026-03-01 to 2026-04-01 rated -> invoiced 1 compared, 0 differ"
    assert ReconciliationRun.objects.count() == 1


def test_what_differs_is_told_and_the_command_ends_with_1(north, capsys):
    """119.00 gross, and finance has 120.00."""
    record_finance_totals(company=north, month=MARCH, totals={"a": Decimal("120.00")})
    with pytest.raises(CommandError, match="1 keys differ"):
        call_command("reconcile", month=MARCH, level=["billing_to_finance"])
    assert "  mismatch a: -1" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    "days", [{}, {"starts_on": MARCH}, {"starts_on": MARCH, "until": MARCH}], ids=["none", "no end", "empty"]
)
def test_days_must_be_said(north, days):
    with pytest.raises(CommandError, match="Say --month 2026-03"):
        call_command("reconcile", **days)
