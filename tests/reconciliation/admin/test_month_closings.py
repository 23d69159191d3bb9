"""The page of the month's end: its checklist and its steps."""

import pytest
from django.urls import reverse

from catalogue.models import Company, User
from reconciliation.models import MonthClosing
from tests.factories.houses import head_office, operator_of
from tests.factories.stories import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return reverse("month_close")


def rows(sheet):
    return [[cell.text for cell in row] for row, _ in sheet.rows]


def take(client, step, company="US1", month="2026-01"):
    return client.post(reverse("month_close_step"), {"company": company, "month": month, "step": step})


def test_the_checklist_and_the_steps(client, page):
    told("margin-two-books")
    client.force_login(User.objects.create_superuser("root"))
    asked = {"company": "US1", "month": "2026-01"}
    shown = client.get(page, asked)
    checklist, everyone = shown.context["sheets"]
    assert rows(checklist)[0] == ["done", "billed", "The bill run is issued.", "soft-closing"]
    assert ["to do", "documents", "1 invoices wait for their PDF.", "closing"] in rows(checklist)
    assert rows(everyone)[0][:2] == ["US1", "open"]
    assert shown.context["steps"] == [("soft_close", "Soft-close")]
    assert take(client, "soft_close")["Location"] == f"{page}?company=US1&month=2026-01"
    assert MonthClosing.objects.get().state == "soft_closed"
    shown = client.get(page, asked)
    assert "is soft-closed. Soft-closed" in shown.content.decode()
    assert [step for step, _ in shown.context["steps"]] == ["reopen", "close"]
    take(client, "close")
    assert "Documents: 1 invoices wait for their PDF." in client.get(page, asked).content.decode()
    assert MonthClosing.objects.get().state == "soft_closed"
    assert client.get(page, {**asked, "file": "csv"}).content.startswith(b"\xef\xbb\xbf,what,found")


def test_an_office_takes_no_step_of_another(client, page):
    north = head_office("north", "alder", "birch")
    client.force_login(north.sales_offices[0].operator)
    assert rows(client.get(page).context["sheets"][-1])[0][0] == "alder"
    take(client, "soft_close", company="birch", month="2023-09")
    assert MonthClosing.objects.get(company__code="birch").state == "open"
    assert client.get(page, {"company": "birch", "month": "2023-09"}).context["sheets"] == []


@pytest.mark.parametrize(
    "asked", [{"step": "burn"}, {"month": "never"}, {"company": "\0"}], ids=lambda asked: "-".join(asked)
)
def test_a_step_that_there_is_not(client, asked):
    told("margin-two-books")
    client.force_login(User.objects.create_superuser("root"))
    take(client, **{"step": "soft_close", **asked})
    assert not MonthClosing.objects.exists()


def test_an_auditor_looks_and_closes_nothing(client, page):
    told("margin-two-books")
    client.force_login(operator_of(Company.objects.get(code="HQ"), "auditor"))
    assert client.get(page).context["steps"] == []
    assert take(client, "soft_close").status_code == 403
    client.force_login(operator_of(Company.objects.get(code="HQ"), "support"))
    assert client.get(page).status_code == 403
