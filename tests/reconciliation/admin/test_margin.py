"""The page about margin: what it shows to whom, and its files."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from catalogue.models import Account, User
from tests.factories.houses import head_office, operator_of
from tests.factories.stories import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return reverse("margin")


def test_it_begins_with_the_latest_month_by_product(client, page):
    told("margin-two-currencies")
    client.force_login(User.objects.create_superuser("root"))
    shown = client.get(page)
    main, trend, restated, worst = shown.context["sheets"]
    assert main.title == "By product, 2026-01"
    assert [[cell.text for cell in row] for row, _ in main.rows] == [
        ["VM", "VM", "USD", "217.85436", "116.07", "101.78436", "46.72\xa0%"],
        ["rounding", "", "USD", "0.00564", "0.00", "0.00564", ""],
        ["all", "", "USD", "217.86", "116.07", "101.79", "46.72\xa0%"],
    ]
    assert [cell.text for cell in trend.rows[0][0]][:2] == ["2026-01", "USD"]
    assert [cell.text for cell in restated.rows[0][0]][-1] == "0.00"
    assert worst.rows[0][0][0].text == "VM"
    assert len(shown.context["charts"]) == 2


def test_every_dimension_basis_and_currency_answers(client, page):
    head_office("north", "alder", "birch")
    client.force_login(User.objects.create_superuser("root"))
    for by in ("month", "company", "country", "account", "product", "family", "resource"):
        for basis in ("billed", "closed", "known"):
            for currency in ("reporting", "local"):
                asked = {"by": by, "basis": basis, "currency": currency}
                shown = client.get(page, asked)
                assert shown.status_code == 200
                assert "Nothing here" not in shown.content.decode(), asked


def test_files_hold_what_the_page_shows(client, page):
    told("margin-two-currencies")
    client.force_login(User.objects.create_superuser("root"))
    csv = client.get(page, {"file": "csv"})
    assert csv["Content-Disposition"] == 'attachment; filename="margin.csv"'
    assert csv.content.decode("utf-8-sig").splitlines() == [
        "product,name,currency,revenue,cost,margin,percent",
        "VM,VM,USD,217.85436,116.07,101.78436,46.72",
        "rounding,,USD,0.00564,0,0.00564,",
        "all,,USD,217.86,116.07,101.79,46.72",
    ]
    workbook = openpyxl.load_workbook(BytesIO(client.get(page, {"file": "xlsx"}).content))
    assert workbook.sheetnames == [
        "By product, 2026-01",
        "Over time",
        "Restated months",
        "What earns least  products",
    ]
    assert [cell.value for cell in workbook.worksheets[0][4]][3:6] == [217.86, 116.07, 101.79]


def test_a_formula_in_a_name_is_no_formula_in_a_file(client, page):
    told("margin-two-books")
    Account.objects.update(name="=1+1")
    client.force_login(User.objects.create_superuser("root"))
    assert "ACME,'=1+1,USD" in client.get(page, {"by": "account", "file": "csv"}).content.decode()


def test_support_sees_revenue_and_no_cost(client, page):
    north = head_office("north", "alder")
    client.force_login(operator_of(north.company, "support"))
    shown = client.get(page).content.decode()
    assert "140.00" in shown
    assert "31.75" not in shown
    assert "38.25" not in shown


@pytest.mark.parametrize(
    "asked",
    [
        {"first_month": "2026-13"},
        {"first_month": "0000-01"},
        {"last_month": "then"},
        {"by": "colour"},
        {"account": "\0"},
        {"first_month": "1000-01", "last_month": "8999-12"},
        {"company": "nobody"},
    ],
    ids=["month", "year", "word", "dimension", "nul", "all-time", "company"],
)
def test_what_cannot_be_asked_is_said_beside_the_form(client, page, asked):
    head_office("north", "alder")
    client.force_login(User.objects.create_superuser("root"))
    assert client.get(page, asked).status_code == 200


def test_nobody_who_may_not_see_invoices(client, page):
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(page).status_code == 403
