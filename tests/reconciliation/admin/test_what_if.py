"""The page that tries prices: what it shows, and the draft that it hands over."""

from datetime import date

import pytest
from django.urls import reverse

from billing_site.common.clock import now
from catalogue.models import Company, PriceImport, User
from catalogue.services.price_import_jobs import run_price_import, waiting_price_imports
from tests.factories.houses import head_office, operator_of
from tests.factories.stories import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return reverse("what_if")


@pytest.fixture
def root(client):
    person = User.objects.create_superuser("root")
    client.force_login(person)
    return person


def rows(sheet):
    return [[cell.text for cell in row] for row, _ in sheet.rows]


def test_it_tries_five_percent_at_first(client, page, root):
    """66.96 * 1.05 = 70.308 -> 70.31: 0.0945 * 744."""
    told("margin-two-books")
    shown = client.get(page, {"company": "US1"})
    by_product, by_account = shown.context["sheets"]
    assert rows(by_product)[0] == [
        *("VM", "VM", "66.96", "70.31", "3.35"),
        *("38.69", "28.27", "42.22\xa0%", "31.62", "44.97\xa0%"),
    ]
    assert rows(by_account)[-1][:5] == ["all", "", "66.96", "70.31", "3.35"]
    assert shown.content.decode().count("Make it a draft") == 1
    assert "70.31" in client.get(page, {"company": "US1", "file": "csv"}).content.decode()


def test_a_draft_is_a_price_file_and_its_page_shows_the_impact(client, page, root):
    told("margin-two-books")
    asked = {"company": "US1", "month": "2026-01", "kind": "percent", "percent": "10", "decimals": "4"}
    made = client.post(reverse("what_if_draft"), {**asked, "effective": "2026-05-01"})
    file = PriceImport.objects.get()
    assert made["Location"] == reverse("admin:catalogue_priceimport_change", args=[file.pk])
    assert (file.company.code, file.effective, file.state) == ("US1", "2026-05-01", "uploaded")

    for number in waiting_price_imports():
        run_price_import(price_import_id=number, now=now)
    products, accounts = client.get(made["Location"]).context["impact"]
    assert products.rows == [
        ("VM", *(f"{amount}\xa0USD" for amount in ("66.96", "73.66", "6.70", "28.27", "34.97", "6.70"))),
        ("all", *(f"{amount}\xa0USD" for amount in ("66.96", "73.66", "6.70", "28.27", "34.97", "6.70"))),
    ]
    assert accounts.rows[0][0] == "ACME"


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": "-100"},
        {"percent": "x"},
        {"kind": "target", "percent": "100"},
        {"product": "NO-SUCH"},
        {"month": "never"},
        {"decimals": "13"},
        {"company": "nobody"},
        {"effective": "soon"},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_what_cannot_be_tried_makes_no_draft(client, page, root, wrong):
    told("margin-two-books")
    asked = {"company": "US1", "month": "2026-01", "kind": "percent", "percent": "1", "decimals": "4"}
    asked |= {"effective": "2026-05-01"} | wrong
    assert client.get(page, asked).status_code == 200
    assert client.post(reverse("what_if_draft"), asked).status_code == 302
    assert not PriceImport.objects.exists()


def test_an_office_tries_its_own_book_only(client, page):
    north = head_office("north", "alder", "birch")
    client.force_login(north.sales_offices[0].operator)
    assert client.get(page).context["form"].fields["company"].queryset.get().code == "alder"
    asked = {"company": "birch", "month": "2023-09", "kind": "percent", "percent": "1", "decimals": "4"}
    assert client.get(page, asked).context["sheets"] == []
    client.post(reverse("what_if_draft"), {**asked, "effective": str(date(2026, 5, 1))})
    assert not PriceImport.objects.exists()


def test_support_sees_no_margin_and_makes_no_draft(client, page):
    told("margin-two-books")
    client.force_login(operator_of(Company.objects.get(code="HQ"), "support"))
    shown = client.get(page, {"company": "US1"})
    assert "66.96" in shown.content.decode()
    assert "28.27" not in shown.content.decode()
    assert "Make it a draft" not in shown.content.decode()
    assert "which you may not see" in client.get(page, {"company": "US1", "kind": "target"}).content.decode()
    assert client.post(reverse("what_if_draft"), {}).status_code == 403
