"""A walk over every address of the site as somebody who reaches only one sales office."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, get_resolver

from catalogue.models import User
from invoicing.models import CreditNote, Document, Invoice
from metering.models import Resource
from tests.factories.houses import client_of, head_office

pytestmark = pytest.mark.django_db
FOREIGN = re.compile(rb"birch|cedar|sumac", re.IGNORECASE)
# What names something of the strangers, whatever the address calls its parameter.
NAMES = [
    "birch",
    "birch-1",
    "birch-vm",
    "BIRCH-2023-00001",
    "BIRCH-CN-2023-00001",
    "birch-between-1",
    "cedar-1",
    "CEDAR-2023-00001",
]
# Not rows: they are the same for everyone, or end the session of the walk.
SKIPPED = re.compile(r"logout|jsi18n|/static/|api/schema|api/docs|\^$|/search/|password|readyz")


def addresses(patterns, before="/"):
    for pattern in patterns:
        route = before + str(pattern.pattern).replace("\\Z", "").replace("\\.", ".").strip("^$")
        if isinstance(pattern, URLPattern):
            yield route, pattern.name or ""
        else:
            yield from addresses(pattern.url_patterns, route)


def filled(route, values):
    parameter = re.compile(r"<[^>]+>|\(\?P<\w+>[^)]+\)")
    if not parameter.search(route):
        return [route]
    return [parameter.sub(str(value), route) for value in values]


def foreign_values(name):
    """The keys of a page's own model in the console; elsewhere, all that names a stranger's thing."""
    for model, model_admin in admin.site._registry.items():
        if name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_"):
            if getattr(model_admin, "visible", None) is None:
                return []
            person = User.objects.get(username="alder-operator")
            reached = set(model_admin.visible(person).values_list("pk", flat=True))
            strangers = [
                pk for pk in model._default_manager.values_list("pk", flat=True) if pk not in reached
            ]
            return strangers[:1] + strangers[1:][-1:]
    foreign = Invoice.objects.exclude(company__code="alder")
    return [
        *NAMES,
        *foreign.values_list("pk", flat=True),
        *CreditNote.objects.exclude(company__code="alder").values_list("pk", flat=True),
        *Document.objects.filter(invoice__in=foreign).values_list("pk", flat=True),
        *Resource.objects.exclude(name="alder-vm").values_list("pk", flat=True),
    ]


def walk(client):
    for route, name in addresses(get_resolver().url_patterns):
        if SKIPPED.search(route):
            continue
        for address in filled(route, foreign_values(name)):
            response = client.get(address)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            yield address, response.status_code, content


@pytest.fixture
def alder():
    house = head_office("north", "alder", "birch").sales_offices[0]
    head_office("sumac", "cedar")
    return house


def key_of_the_company(alder):
    return client_of(alder.key)


def operator_of_the_company(alder):
    client = Client()
    client.force_login(alder.operator)
    return client


def customer_of_the_account(alder):
    customer = User.objects.create_user("customer", password="a long password")
    customer.accounts.add(alder.account)
    client = Client()
    client.force_login(customer)
    return client


@pytest.mark.parametrize(
    "caller", [key_of_the_company, operator_of_the_company, customer_of_the_account], ids=lambda f: f.__name__
)
def test_no_address_shows_a_stranger_anything(alder, caller):
    visited = list(walk(caller(alder)))
    assert len(visited) > 100
    assert [address for address, status, _ in visited if status >= 500] == []
    assert [address for address, _, content in visited if FOREIGN.search(content)] == []


def test_the_walk_would_notice(alder):
    """A superuser sees the strangers' things at very many addresses."""
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    missing = {"api", "console"}
    for address, _, content in walk(client):
        if FOREIGN.search(content):
            missing.discard(address.split("/")[1])
        if not missing:
            return
    pytest.fail(f"nothing was noticed under {missing}")
