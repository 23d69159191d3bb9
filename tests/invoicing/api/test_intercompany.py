import pytest

from catalogue.models import Scope
from tests.factories.bill_runs import bill
from tests.factories.houses import client_of, key_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/inter-company-documents"


def test_what_an_office_owes_with_its_lines(north):
    bill(north)
    client = client_of(key_of(north, Scope.COST_READ))
    (listed,) = client.get(f"{ADDRESS}?month=2026-03&sales_office=north").json()["results"]
    assert listed == {
        "number": "hq-IC-2026-00001",
        "head_office": "hq",
        "sales_office": "north",
        "month": "2026-03",
        "issued_on": "2026-04-03",
        "currency": "USD",
        "net_amount": "12",
    }
    whole = client.get(f"{ADDRESS}/hq-IC-2026-00001").json()
    assert [(line["account"], line["quantity"], line["net_amount"]) for line in whole["lines"]] == [
        ("a", "10", "4"),
        ("b", "20", "8"),
    ]
    pdf = client.get(f"{ADDRESS}/hq-IC-2026-00001/pdf")
    assert (pdf.status_code, pdf.json()["code"]) == (404, "pdf_not_rendered")


def test_it_is_cost(north):
    bill(north)
    assert client_of(key_of(north, Scope.BILLING_READ)).get(ADDRESS).status_code == 403
