"""GET /api/v1/reports/..."""

import pytest

from catalogue.models import Company, Scope
from tests.factories.houses import client_of, head_office, key_of
from tests.factories.stories import told

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "asked", "wanted"),
    [
        ("revenue", {"first_month": "2023-09"}, {"sku": "VM", "country": "US", "net": "70"}),
        ("tax", {"first_month": "2023-10"}, {"percent": "10", "taxable": "70", "tax": "7"}),
        ("aged-debt", {"on": "2023-11-15"}, {"account": "alder-1", "days_1_to_30": "67", "due": "67"}),
    ],
    ids=["revenue", "tax", "aged-debt"],
)
def test_an_office_s_own(path, asked, wanted):
    alder = head_office("north", "alder", "birch").sales_offices[0]
    (row,) = client_of(alder.key).get(f"/api/v1/reports/{path}", asked).json()
    assert {name: row[name] for name in wanted} == wanted
    assert row["company"] == "alder"


def test_deferred_revenue():
    told("order-annual-cancelled")
    api = client_of(key_of(Company.objects.get(code="US1"), Scope.BILLING_READ.value))
    rows = api.get("/api/v1/reports/deferred-revenue", {"on": "2026-02-10"}).json()
    assert [(row["order"], row["earned"], row["deferred"]) for row in rows] == [
        ("o1", "64", "666"),
        ("o2", "64", "18"),
    ]


@pytest.mark.parametrize("path", ["revenue", "tax", "aged-debt", "deferred-revenue"])
def test_a_question_without_its_time_is_refused(path):
    alder = head_office("north", "alder").sales_offices[0]
    assert client_of(alder.key).get(f"/api/v1/reports/{path}").status_code == 400
