from datetime import date
from decimal import Decimal

import pghistory
import pytest
from django.contrib.auth.models import Group
from django.db import ProgrammingError, transaction
from django.test import Client

from catalogue.models import Account, AccountEvent, ApiKey, Contact, Currency, Price, Product, Promotion, User
from catalogue.selectors.history import FieldChange, history_of
from catalogue.services.api_keys import create_api_key
from tests.factories.houses import client_of, head_office
from tests.factories.invoices import account, company

pytestmark = pytest.mark.django_db


def told(thing):
    return [
        (entry.part, entry.what, [(field.name, field.before, field.after) for field in entry.fields])
        for entry in history_of(thing)
    ]


def test_what_became_of_an_account_and_its_contacts():
    buyer = account("a", locale="en", address="", tax_number="")
    Account.objects.update(address="Ring 1", payment_days=14)
    Account.objects.update(payment_days=14)
    contact = Contact.objects.create(account=buyer, name="Ada")
    Contact.objects.update(name="Grace")
    contact.delete()
    *later, opened = told(buyer)
    assert later == [
        ("contact", "deleted", [("name", "Grace", ""), ("role", "billing", "")]),
        ("contact", "changed", [("name", "Ada", "Grace")]),
        ("contact", "created", [("name", "", "Ada"), ("role", "", "billing")]),
        ("", "changed", [("address", "", "Ring 1"), ("payment days", "30", "14")]),
    ]
    assert opened[:2] == ("", "created")
    assert ("company", "", "DE Meridian Cloud DE") in opened[2]
    assert ("currency", "", "EUR") in opened[2]


def test_a_person_a_key_a_command_or_nobody():
    north = head_office("north")
    path, form = f"/api/v1/accounts/{north.account.code}", "application/json"
    client_of(north.key).patch(path, {"address": "by key"}, form)
    person = Client()
    person.force_login(north.operator)
    person.patch(path, {"address": "by person"}, form)
    with pghistory.context(command="import_accounts"):
        Account.objects.filter(pk=north.account.pk).update(address="by command")
    key = ApiKey.objects.get()
    assert [entry.who for entry in history_of(north.account)] == [
        "import_accounts",
        "north-operator",
        f"API key {key}",
        "",
    ]


def test_roles_and_passwords_of_people_but_no_secrets():
    person = User.objects.create_user("ada", password="a long password")
    person.groups.add(Group.objects.get(name="finance"))
    person.set_password("another long password")
    person.save()
    person.groups.clear()
    assert told(person)[:3] == [
        ("user role", "removed", [("group", "finance", "")]),
        ("", "password", []),
        ("user role", "added", [("group", "", "finance")]),
    ]
    key, text = create_api_key(name="k", company=company(), scopes=["billing:read"])
    everything = str(told(person)) + str(told(key))
    assert "argon" not in everything and "pbkdf2" not in everything
    assert key.secret_hash not in everything and text not in everything


def test_who_holds_a_promotion_and_how_often_it_was_redeemed():
    promotion = Promotion.objects.create(
        code="P", company=company(), percent=Decimal("10.50"), valid_from=date(2026, 1, 1)
    )
    promotion.accounts.add(account("a"))
    Promotion.objects.update(redemptions=7)
    assert [entry[:2] for entry in told(promotion)] == [("promotion account", "added"), ("", "created")]
    assert ("percent", "", "10.5") in told(promotion)[1][2]


def test_of_prices_the_end_and_the_successor():
    north = head_office("north")
    price = Price.objects.filter(company=north.company).first()
    assert history_of(price) == []
    Price.objects.update(valid_to="2026-01-01T00:00Z")
    (entry,) = history_of(price)
    assert entry.fields == (FieldChange("valid to", "", "2026-01-01 00:00:00 UTC"),)


def test_a_thing_whose_key_is_no_number():
    euro = Currency.objects.get_or_create(code="EUR", defaults={"name": "euro", "minor_units": 2})[0]
    Currency.objects.filter(pk="EUR").update(name="Euro of the Union")
    assert ("name", "Euro of the Union") in [
        (field.name, field.after) for field in history_of(euro)[0].fields
    ]


def test_history_cannot_be_rewritten():
    account("a")
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        AccountEvent.objects.update(name="other")
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        AccountEvent.objects.all().delete()


def test_queries_do_not_grow_with_the_entries(django_assert_max_num_queries):
    product = Product.objects.create(sku="S", unit="hour", kind="time")
    for name in "abcdefgh":
        with pghistory.context(command=name):
            Product.objects.update(name=name)
    with django_assert_max_num_queries(5):
        assert len(history_of(product)) == 9
