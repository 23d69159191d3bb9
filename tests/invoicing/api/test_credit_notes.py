import pytest

from catalogue.models import Scope
from invoicing.models import CreditNote
from tests.factories.houses import client_of, head_office, key_of

pytestmark = pytest.mark.django_db
INVOICE, NOTE = "ALDER-2023-00001", "ALDER-CN-2023-00001"
ADDRESS = "/api/v1/credit-notes"


@pytest.fixture
def alder():
    """An invoice of 72.25 taxed 7.23, of which 2.25 is credited already."""
    return head_office("north", "alder", "birch").sales_offices[0]


@pytest.fixture
def client(alder):
    return client_of(key_of(alder.company, Scope.BILLING_READ, Scope.BILLING_WRITE))


def post(client, **body):
    known = {"request_id": "r1", "invoice": INVOICE, "issued_on": "2023-11-05"} | body
    return client.post(ADDRESS, known, content_type="application/json")


def test_lines_are_credited(client):
    answer = post(client, lines=[{"sku": "VM", "resource": "alder-vm", "amount": "10.00"}], reason="Outage")

    body = answer.json()
    assert answer.status_code == 201
    assert (body["number"], body["net_amount"], body["tax_amount"]) == ("ALDER-CN-2023-00002", "10", "1")
    assert [(line["sku"], line["net_amount"]) for line in body["lines"]] == [("VM", "10")]
    assert (body["reason"], body["cause"], body["invoice"]) == ("Outage", "concession", INVOICE)


def test_all_that_is_left(client):
    """72.25 - 2.25 = 70.00; 7.23 - 0.23 = 7.00."""
    body = post(client, all=True).json()

    assert (body["net_amount"], body["tax_amount"]) == ("70", "7")


def test_sent_again_it_answers_what_was_made(client):
    first, second = post(client, amount="5.00"), post(client, amount="5.0")

    assert first.json() == second.json()
    assert CreditNote.objects.filter(request_id="r1").count() == 1


@pytest.mark.parametrize(
    "body, status, code",
    [
        pytest.param({"amount": "70.01"}, 409, "cannot_credit_more_than_billed", id="more than is left"),
        pytest.param({"lines": [{"sku": "FAN", "amount": "1"}]}, 400, "no_such_line", id="no such line"),
        pytest.param({"amount": "0.001"}, 400, "invalid_credit", id="finer than a cent"),
        pytest.param({"amount": 0.5}, 400, "invalid", id="a JSON fraction"),
        pytest.param({"amount": "-1"}, 400, "invalid_credit", id="negative"),
        pytest.param({"amount": "1", "issued_on": "2023-09-30"}, 400, "invalid_credit_day", id="too early"),
        pytest.param({"amount": "1", "issued_on": "2203-11-05"}, 400, "invalid_credit_day", id="ahead"),
        pytest.param({}, 400, "invalid", id="nothing named"),
        pytest.param({"all": True, "amount": "1"}, 400, "invalid", id="two ways"),
        pytest.param({"all": True, "amuont": "1"}, 400, "invalid", id="misspelt"),
        pytest.param({"amount": "1", "request_id": "alder credit"}, 409, "request_id_taken", id="id taken"),
        pytest.param({"all": True, "invoice": "BIRCH-2023-00001"}, 404, "not_found", id="a stranger's"),
        pytest.param({"all": True, "invoice": "NOTHING"}, 404, "not_found", id="no such invoice"),
    ],
)
def test_what_is_refused(client, body, status, code):
    before = CreditNote.objects.count()
    answer = post(client, **body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert CreditNote.objects.count() == before


def test_reading_needs_no_right_to_write(alder):
    reader = client_of(key_of(alder.company, Scope.BILLING_READ))

    assert post(reader, all=True).status_code == 403
    (row,) = reader.get(f"{ADDRESS}?account=alder-1&invoice={INVOICE}").json()["results"]
    assert (row["number"], row["gross_amount"]) == (NOTE, "2.48")
    assert reader.get(f"{ADDRESS}/{NOTE}").json()["taxes"][0]["tax_amount"] == "0.23"


def test_the_pdf(client):
    response = client.get(f"{ADDRESS}/{NOTE}/pdf")

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert f'filename="{NOTE}.pdf"' in response["Content-Disposition"]
    assert client.get(f"{ADDRESS}/BIRCH-CN-2023-00001/pdf").status_code == 404
