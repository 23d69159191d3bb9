"""What a customer sees of credit notes, payments and the balance."""

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import User
from invoicing.models import CreditNote
from tests.factories.houses import head_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    """A customer of alder: 79.48 billed, 2.48 credited, 10.00 paid."""
    alder, _ = head_office("north", "alder", "birch").sales_offices
    user = User.objects.create_user("customer", password="a long password")
    user.accounts.add(alder.account)
    client = Client()
    client.force_login(user)
    return client


def page(client, name, *arguments, **query):
    answer = client.get(reverse(f"portal:{name}", args=arguments), query)
    return answer.status_code, answer.content.decode()


def test_credit_notes_are_listed_and_read(client):
    note = CreditNote.objects.get(company__code="alder")

    assert note.number in page(client, "credit_notes")[1]
    status, content = page(client, "credit_note", note.pk)
    assert status == 200
    assert "alder goodwill" in content and "USD" in content and "2.48" in content


def test_the_statement_shows_the_balance_and_how_it_came(client):
    days = {"first_on": "2023-10-01", "last_on": "2023-10-31"}
    status, content = page(client, "statement", "alder-1", **days)

    assert status == 200
    for shown in ("67.00", "79.48", "ALDER-CN-2023-00001", "alder transfer"):
        assert shown in content


def test_the_statement_as_csv(client):
    days = {"first_on": "2023-10-01", "last_on": "2023-10-31", "csv": "1"}
    answer = client.get(reverse("portal:statement", args=["alder-1"]), days)

    assert answer["Content-Disposition"] == (
        'attachment; filename="statement-alder-1-2023-10-01-2023-10-31.csv"'
    )
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "day,what,number,invoice,amount,balance,currency",
        "2023-10-01,opening balance,,,,0,USD",
        "2023-10-01,invoice,ALDER-2023-00001,,79.48,79.48,USD",
        "2023-10-01,credit note,ALDER-CN-2023-00001,ALDER-2023-00001,-2.48,77,USD",
        "2023-10-01,payment,alder transfer,ALDER-2023-00001,-10,67,USD",
        "2023-10-31,closing balance,,,,67,USD",
    ]


@pytest.mark.parametrize(
    "days", [{"first_on": "2023-10-31", "last_on": "2023-10-01"}, {"first_on": "x", "last_on": ""}]
)
def test_days_that_cannot_be_are_told(client, days):
    status, content = page(client, "statement", "alder-1", **days)

    assert status == 200
    assert 'class="error"' in content


def test_a_stranger_is_not_there(client):
    note = CreditNote.objects.get(company__code="birch")

    assert page(client, "credit_note", note.pk)[0] == 404
    assert page(client, "statement", "birch-1")[0] == 404
