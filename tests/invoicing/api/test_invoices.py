import pytest

from catalogue.models import Scope
from invoicing.models import Document
from tests.factories.houses import client_of, head_office, key_of
from tests.factories.invoices import draft_invoice

pytestmark = pytest.mark.django_db
NUMBER = "ALDER-2023-00001"


@pytest.fixture
def alder():
    return head_office("north", "alder", "birch").sales_offices[0]


@pytest.fixture
def client(alder):
    return client_of(key_of(alder.company, Scope.BILLING_READ))


def test_the_list_has_totals(client):
    (row,) = client.get("/api/v1/invoices?month=2023-09&account=alder-1").json()["results"]
    assert row == {
        "number": NUMBER,
        "state": "issued",
        "company": "alder",
        "account": "alder-1",
        "month": "2023-09",
        "period_start": "2023-09-01T00:00:00Z",
        "period_end": "2023-10-01T00:00:00Z",
        "issued_on": "2023-10-01",
        "due_on": "2023-10-31",
        "currency": "USD",
        "net_amount": "72.25",
        "tax_amount": "7.23",
        "gross_amount": "79.48",
    }


def test_an_invoice_has_lines_and_taxes(client):
    body = client.get(f"/api/v1/invoices/{NUMBER}").json()
    assert [(line["sku"], line["net_amount"], line["resource"]) for line in body["lines"]] == [
        ("VM", "72.25", "alder-vm")
    ]
    assert body["taxes"] == [
        {
            "category": "standard",
            "name": "alder tax",
            "percent": "10",
            "taxable_amount": "72.25",
            "tax_amount": "7.23",
        }
    ]
    assert body["seller"]["code"] == "alder"
    assert body["buyer"]["code"] == "alder-1"


def test_the_pdf(client):
    response = client.get(f"/api/v1/invoices/{NUMBER}/pdf")
    assert response["Content-Type"] == "application/pdf"
    assert f'filename="{NUMBER}.pdf"' in response["Content-Disposition"]
    assert b"".join(response.streaming_content) == b"%PDF-1.7 of alder"


def test_a_pdf_that_is_not_rendered_yet(client, alder):
    draft = draft_invoice(alder.account, month=alder.account.invoices.get().month.replace(month=10))
    draft.number, draft.state = "ALDER-2023-00002", "issued"
    draft.issued_on = draft.due_on = draft.month
    draft.save()
    assert not Document.objects.filter(invoice=draft).exists()
    response = client.get("/api/v1/invoices/ALDER-2023-00002/pdf")
    assert (response.status_code, response.json()["code"]) == (404, "pdf_not_rendered")


@pytest.mark.parametrize("rest", ["", "/pdf"])
def test_a_foreign_invoice_is_answered_as_one_that_does_not_exist(client, rest):
    foreign = client.get(f"/api/v1/invoices/BIRCH-2023-00001{rest}")
    missing = client.get(f"/api/v1/invoices/NOTHING{rest}")
    assert foreign.status_code == 404
    assert foreign.content == missing.content


def test_customers_see_no_drafts(client, alder):
    draft_invoice(alder.account, month=alder.account.invoices.get().month.replace(month=10))
    of_account = client_of(key_of(alder.company, Scope.BILLING_READ, account=alder.account))
    assert len(client.get("/api/v1/invoices").json()["results"]) == 2
    assert [row["state"] for row in of_account.get("/api/v1/invoices").json()["results"]] == ["issued"]
