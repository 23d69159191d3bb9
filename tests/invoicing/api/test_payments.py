import pytest

from catalogue.models import Scope
from invoicing.models import Payment
from tests.factories.houses import client_of, head_office, key_of

pytestmark = pytest.mark.django_db
INVOICE = "ALDER-2023-00001"
ADDRESS = "/api/v1/payments"


@pytest.fixture
def alder():
    """An invoice of 79.48, of which 2.48 is credited and 10.00 paid: 67.00 is open."""
    return head_office("north", "alder", "birch").sales_offices[0]


@pytest.fixture
def client(alder):
    return client_of(key_of(alder.company, Scope.BILLING_READ, Scope.BILLING_WRITE))


def post(client, **body):
    known = {"reference": "p9", "account": "alder-1", "amount": "70.00", "received_on": "2023-10-20"} | body
    return client.post(ADDRESS, known, content_type="application/json")


def test_a_payment_settles_the_invoice_that_it_names(client):
    answer = post(client, invoice=INVOICE)

    assert answer.status_code == 201
    assert answer.json() == {
        "reference": "p9",
        "company": "alder",
        "account": "alder-1",
        "received_on": "2023-10-20",
        "currency": "USD",
        "amount": "70",
        "invoice": INVOICE,
        "allocations": [{"invoice": INVOICE, "amount": "67"}],
    }
    assert post(client, invoice=INVOICE, amount="70").json() == answer.json()
    assert client.get("/api/v1/accounts/alder-1/balance").json() == {
        "account": "alder-1",
        "balances": [{"currency": "USD", "due": "0", "unapplied": "3"}],
    }


@pytest.mark.parametrize(
    "body, status, code",
    [
        pytest.param({"reference": "alder transfer"}, 409, "payment_known", id="reference taken"),
        pytest.param({"amount": "0"}, 400, "invalid_payment", id="nothing"),
        pytest.param({"amount": "1.005"}, 400, "invalid_payment", id="finer than a cent"),
        pytest.param({"amount": 1.5}, 400, "invalid", id="a JSON fraction"),
        pytest.param({"amount": "1_000"}, 400, "invalid", id="an underscore"),
        pytest.param({"amount": "\u0663"}, 400, "invalid", id="a digit of another script"),
        pytest.param({"amount": "NaN"}, 400, "invalid", id="no number"),
        pytest.param({"account": "birch-1"}, 404, "not_found", id="a stranger's account"),
        pytest.param({"invoice": "BIRCH-2023-00001"}, 404, "not_found", id="a stranger's invoice"),
        pytest.param({"invoice": ""}, 400, "invalid", id="an empty number"),
        pytest.param({"received_on": "2023-13-01"}, 400, "invalid", id="no day"),
        pytest.param({"received_on": "2203-10-20"}, 400, "invalid_payment", id="not come in yet"),
        pytest.param({"received_on": "0203-10-20"}, 400, "invalid_payment", id="before all"),
    ],
)
def test_what_is_refused(client, body, status, code):
    before = Payment.objects.count()
    answer = post(client, **body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Payment.objects.count() == before


def test_reading_needs_no_right_to_write(alder):
    reader = client_of(key_of(alder.company, Scope.BILLING_READ))

    assert post(reader).status_code == 403
    (row,) = reader.get(f"{ADDRESS}?account=alder-1").json()["results"]
    assert (row["reference"], row["allocations"]) == (
        "alder transfer",
        [{"invoice": INVOICE, "amount": "10"}],
    )


class TestStatement:
    def test_between_opening_and_closing(self, client):
        body = client.get("/api/v1/accounts/alder-1/statement?first_on=2023-10-01&last_on=2023-10-31").json()
        assert (body["opening_balance"], body["closing_balance"]) == ("0", "67")
        assert [(entry["kind"], entry["amount"], entry["balance"]) for entry in body["entries"]] == [
            ("invoice", "79.48", "79.48"),
            ("credit_note", "-2.48", "77"),
            ("payment", "-10", "67"),
        ]

    @pytest.mark.parametrize(
        "query, code",
        [
            ("first_on=2023-10-31&last_on=2023-10-01", "invalid_days"),
            ("first_on=2023-10-31", "invalid"),
            ("first_on=2023-10-01&last_on=2023-10-31&form=csv", "invalid"),
        ],
    )
    def test_days_that_cannot_be(self, client, query, code):
        answer = client.get(f"/api/v1/accounts/alder-1/statement?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, code)

    @pytest.mark.parametrize("page", ["balance", "statement?first_on=2023-10-01&last_on=2023-10-31"])
    def test_a_stranger_is_not_there(self, client, page):
        assert client.get(f"/api/v1/accounts/birch-1/{page}").status_code == 404
