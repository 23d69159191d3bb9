"""GET /api/v1/margin."""

import pytest

from catalogue.models import Company, Scope
from tests.factories.houses import client_of, head_office, key_of
from tests.factories.stories import told

pytestmark = pytest.mark.django_db
PATH = "/api/v1/margin"


def test_rows_rounding_and_totals():
    """3 x 72.61812 = 217.85436, and 0.00564 make it up to three invoices of 72.62."""
    told("margin-two-currencies")
    api = client_of(key_of(Company.objects.get(code="HQ"), *Scope.values))
    body = api.get(PATH, {"first_month": "2026-01"}).json()
    assert body["rows"] == [
        {
            "key": "VM",
            "detail": "VM",
            "currency": "USD",
            "revenue": "217.85436",
            "cost": "116.07",
            "margin": "101.78436",
            "percent": "46.72",
        }
    ]
    assert body["rounding"][0]["revenue"] == "0.00564"
    assert body["totals"][0]["margin"] == "101.79"


def test_without_the_scope_for_cost_there_is_only_revenue():
    north = head_office("north", "alder", "birch")
    api = client_of(key_of(north.company, Scope.BILLING_READ.value))
    (row,) = api.get(PATH, {"first_month": "2023-09", "by": "country"}).json()["rows"]
    assert row == {
        "key": "US",
        "detail": "",
        "currency": "USD",
        "revenue": "210",
        "cost": None,
        "margin": None,
        "percent": None,
    }


def test_an_office_s_key_answers_for_that_office():
    alder = head_office("north", "alder", "birch").sales_offices[0]
    rows = client_of(alder.key).get(PATH, {"first_month": "2023-09", "by": "company"}).json()["rows"]
    assert [(row["key"], row["margin"]) for row in rows] == [("alder", "38.25")]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"first_month": "2023"},
        {"first_month": "2023-09", "by": "x"},
        {"first_month": "2023-09", "month": "1"},
    ],
    ids=["none", "no-month", "dimension", "unknown"],
)
def test_a_wrong_question_is_refused(asked):
    alder = head_office("north", "alder").sales_offices[0]
    assert client_of(alder.key).get(PATH, asked).status_code == 400
