"""The console's way to a credit note: what, then what it would come to, then the credit note."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.selectors.roles import Role
from invoicing.models import CreditNote, Invoice, Payment
from tests.factories.houses import head_office, operator_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def alder():
    return head_office("north", "alder", "birch").sales_offices[0]


def signed_in(alder, role):
    client = Client()
    client.force_login(operator_of(alder.company, role))
    return client


@pytest.fixture
def finance(alder):
    return signed_in(alder, Role.FINANCE)


@pytest.fixture
def page(alder):
    return reverse("admin:invoicing_invoice_credit", args=[Invoice.objects.get(company=alder.company).pk])


def sent(**typed):
    return {"how": "all", "amount": "", "reason": "", "request_id": "r1"} | typed


def test_what_is_left_is_shown(finance, page):
    content = finance.get(page).content.decode()

    assert "70.00" in content and "alder-vm" in content
    assert re.search(r'name="request_id" value="\w{32}"', content)


def test_the_effect_is_shown_and_nothing_stored(finance, page):
    typed = sent(how="lines", sku=["VM"], resource=["alder-vm"], wanted=["10.00"])
    content = finance.post(page, typed).content.decode()

    for amount in ("10.00", "1.00", "11.00", "67.00", "56.00"):
        assert amount in content
    assert CreditNote.objects.filter(request_id="r1").count() == 0


def test_confirmed_twice_it_is_made_once(finance, page):
    for _ in range(2):
        answer = finance.post(page, sent(confirm="1"))
        assert answer.status_code == 302
    note = CreditNote.objects.get(request_id="r1")
    assert (note.net_amount, note.tax_amount) == (70, 7)


@pytest.mark.parametrize(
    "typed, sentence",
    [
        pytest.param({"how": "amount", "amount": "70.01"}, "is left to credit", id="too much"),
        pytest.param({"how": "amount", "amount": "ten"}, "is not a number", id="no number"),
        pytest.param({"how": "lines"}, "must be above 0", id="no line"),
    ],
)
def test_what_cannot_be_credited_is_told(finance, page, typed, sentence):
    answer = finance.post(page, sent(confirm="1", **typed))

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not CreditNote.objects.filter(request_id="r1").exists()


def test_support_may_look_and_not_credit(alder, page):
    support = signed_in(alder, Role.SUPPORT)

    assert support.get(page).status_code == 403
    assert support.post(page, sent(confirm="1")).status_code == 403
    assert support.get(reverse("admin:invoicing_payment_record")).status_code == 403


def test_a_stranger_s_invoice_is_not_there(finance):
    foreign = Invoice.objects.get(company__code="birch")
    answer = finance.post(
        reverse("admin:invoicing_invoice_credit", args=[foreign.pk]), sent(confirm="1"), follow=True
    )

    assert "BIRCH" not in answer.content.decode()
    assert not CreditNote.objects.filter(request_id="r1").exists()


class TestPayments:
    address = "admin:invoicing_payment_record"

    def post(self, client, **typed):
        known = {
            "reference": "p9",
            "account": "alder-1",
            "amount": "70.00",
            "received_on": "2023-10-20",
            "invoice": "ALDER-2023-00001",
        }
        return client.post(reverse(self.address), known | typed)

    def test_one_is_recorded(self, finance):
        assert self.post(finance).status_code == 302
        payment = Payment.objects.get(reference="p9")
        assert payment.allocations.get().amount == 67

    @pytest.mark.parametrize(
        "typed, sentence",
        [
            pytest.param({"account": "birch-1"}, "no account by this code", id="a stranger's account"),
            pytest.param(
                {"invoice": "BIRCH-2023-00001"}, "no invoice of this number", id="a stranger's invoice"
            ),
            pytest.param({"amount": "1,000"}, "is not a number", id="no number"),
            pytest.param(
                {"reference": "alder transfer"}, "recorded with other content", id="reference taken"
            ),
        ],
    )
    def test_what_is_refused_is_told(self, finance, typed, sentence):
        answer = self.post(finance, **typed)

        assert answer.status_code == 200
        assert sentence in answer.content.decode()
        assert not Payment.objects.filter(reference="p9").exists()

    def test_the_statement_of_an_account(self, finance):
        address = reverse("admin:invoicing_payment_statement")
        days = {"account": "alder-1", "first_on": "2023-10-01", "last_on": "2023-10-31"}
        content = finance.get(address, days).content.decode()
        assert "ALDER-CN-2023-00001" in content and "67.00" in content
        assert finance.get(address, days | {"csv": "1"})["Content-Type"] == "text/csv; charset=utf-8"
        assert (
            "no account by this code" in finance.get(address, days | {"account": "birch-1"}).content.decode()
        )
