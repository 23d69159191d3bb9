"""The report of a morning: totals of both sides, what is open by money at risk, the trend; once a day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from pypdf import PdfReader

from catalogue.models import User
from reconciliation.models import ReconciliationReport, ReconciliationRun
from reconciliation.selectors.reports import report_of_day, report_of_month
from reconciliation.selectors.schedule import companies_to_report
from reconciliation.services.finance_totals import record_finance_totals
from reconciliation.services.reconciling import reconcile
from reconciliation.services.reports import make_report
from tests.factories.bill_runs import MARCH, bill, office, use

pytestmark = pytest.mark.django_db
AT = datetime(2026, 4, 4, 6, tzinfo=UTC)
DAY = timedelta(days=1)
Level = ReconciliationRun.Level


@pytest.fixture
def north():
    """119 and 23.80 EUR gross; finance has 23.80 for b and nothing for a: 119 x 1.0845 USD at risk."""
    company = office(accounts=["a", "b"])
    use("a", "100")
    use("b", "20")
    bill(company)
    record_finance_totals(company=company, month=MARCH, totals={"b": Decimal("23.80")})
    return company


def look(north, at=AT):
    for level in (Level.RATED_TO_INVOICED, Level.BILLING_TO_FINANCE):
        reconcile(company=north, month=MARCH, level=level, at=at)


def test_it_tells_all_levels_with_both_totals_and_what_is_open(north):
    look(north)
    report = report_of_day(company=north, day=AT.date(), made_at=AT + 2 * DAY)
    assert [
        (
            total.level,
            total.unit,
            total.compared,
            total.differing,
            total.first,
            total.second,
            total.difference,
        )
        for total in report.levels
    ] == [
        ("rated -> invoiced", "EUR", 2, 0, Decimal(120), Decimal(120), Decimal(0)),
        ("billing -> finance", "EUR", 2, 1, Decimal("142.80"), Decimal("23.80"), Decimal(119)),
    ]
    (found,) = report.findings
    assert (found.kind, found.account, found.at_risk, found.age_days) == (
        "missing",
        "a",
        Decimal("129.06"),
        2,
    )
    assert [(by.name, by.count) for by in report.sources] == [("billing -> finance", 1)]
    assert (report.open_count, report.at_risk, report.currency) == (1, Decimal("129.06"), "USD")
    assert not report.is_equal


def test_a_month_takes_its_newest_runs_and_a_day_only_its_own(north):
    look(north)
    record_finance_totals(company=north, month=MARCH, totals={"a": Decimal("119.00"), "b": Decimal("23.80")})
    look(north, AT + DAY)
    month = report_of_month(company=north, month=MARCH, made_at=AT + DAY)
    assert month.is_equal
    assert month.open_count == 0
    assert report_of_day(company=north, day=AT.date() + 3 * DAY, made_at=AT).levels == ()


def test_it_is_made_once_a_day_and_never_changes(north):
    look(north)
    report = make_report(company=north, day=AT.date(), at=AT)
    assert make_report(company=north, day=AT.date(), at=AT + DAY).pk == report.pk
    assert (report.compared, report.differing, report.open_findings) == (4, 1, 1)
    content = report.file.open("rb").read()
    assert sha256(content).hexdigest() == report.sha256
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    for shown in ("Some keys differ", "142.80", "129.06", "billing -> finance"):
        assert shown in text
    with pytest.raises(DatabaseError), transaction.atomic():
        ReconciliationReport.objects.update(differing=0)
    assert north.pk not in companies_to_report(day=AT.date())
    assert north.pk in companies_to_report(day=AT.date() + DAY)


def test_the_mornings_before_are_its_trend(north):
    look(north)
    make_report(company=north, day=AT.date(), at=AT)
    report = report_of_day(company=north, day=AT.date() + DAY, made_at=AT + DAY)
    assert [(day.day, day.count, day.at_risk) for day in report.trend] == [
        (date(2026, 4, 4), 1, Decimal("129.06"))
    ]


def test_the_page_the_files_and_the_kept_pdf(north, client):
    look(north)
    kept = make_report(company=north, day=AT.date(), at=AT)
    client.force_login(User.objects.create_superuser("root"))
    page = reverse("reconciliation_report")
    asked = {"company": "north", "month": "2026-03"}
    shown = client.get(page, asked)
    assert [sheet.title for sheet in shown.context["sheets"]] == [
        "Levels",
        "By class",
        "By level or rule",
        "Open findings by money at risk, USD",
    ]
    assert "129.06" in shown.content.decode()
    assert client.get(page).status_code == 200
    assert client.get(page, asked | {"file": "pdf"}).content.startswith(b"%PDF")
    assert "billing -> finance" in client.get(page, asked | {"file": "csv"}).content.decode("utf-8-sig")
    assert client.get(page, {"company": "nobody", "file": "pdf"}).status_code == 200
    file = client.get(reverse("admin:reconciliation_reconciliationreport_pdf", args=[kept.pk]))
    assert b"".join(file.streaming_content).startswith(b"%PDF")
