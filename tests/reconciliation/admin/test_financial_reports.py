"""The pages of the reports for finance, and their files."""

import pytest
from django.urls import reverse

from catalogue.models import User
from tests.factories.houses import head_office
from tests.factories.stories import told

pytestmark = pytest.mark.django_db
PAGES = ["revenue", "tax", "deferred_revenue", "aged_debt"]


@pytest.fixture
def root(client):
    client.force_login(User.objects.create_superuser("root"))


def rows(sheet):
    return [[cell.text for cell in row] for row, _ in sheet.rows]


@pytest.mark.parametrize("name", PAGES)
def test_it_answers_at_once_and_as_files(client, root, name):
    head_office("north", "alder")
    page = client.get(reverse(name))
    assert page.status_code == 200
    assert page.context["sheets"]
    assert client.get(reverse(name), {"file": "csv"}).content.startswith(b"\xef\xbb\xbfcompany,")
    assert client.get(reverse(name), {"file": "xlsx"}).content.startswith(b"PK")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    "asked",
    [{"first_month": "x", "on": "x"}, {"company": "nobody"}, {"last_month": "8999-12", "on": "9999-12-31"}],
    ids=["words", "company", "far"],
)
def test_what_cannot_be_asked_is_said(client, root, name, asked):
    head_office("north", "alder")
    assert client.get(reverse(name), asked).status_code == 200


def test_sums_are_by_currency(client, root):
    head_office("north", "alder")
    revenue, by_country, by_family = client.get(reverse("revenue")).context["sheets"]
    assert rows(revenue)[-1] == ["all", "", "", "", "", "USD", "144.50", "4.50", "140.00"]
    assert rows(by_country) == [["US", "USD", "144.50", "4.50", "140.00"]]
    assert rows(by_family)[0][0] == "none"


def test_what_is_deferred_becomes_revenue_month_by_month(client, root):
    """666.00 + 18.00 on 10 February; 18 days later 730 * 315 / 365 = 630.00."""
    told("order-annual-cancelled")
    orders, ahead = client.get(reverse("deferred_revenue"), {"on": "2026-02-10"}).context["sheets"]
    assert rows(orders)[0] == [
        *("US1", "NEXT", "o1", "PLAN", "2026-01-10", "2027-01-10", "USD"),
        *("730.00", "64.00", "666.00"),
    ]
    assert rows(orders)[-1][-3:] == ["812.00", "128.00", "684.00"]
    assert rows(ahead)[0] == ["2026-02-28", "USD", "54.00", "630.00"]
    assert rows(ahead)[-1] == ["2027-01-31", "USD", "18.00", "0.00"]
