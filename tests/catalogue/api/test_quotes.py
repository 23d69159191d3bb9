from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from catalogue.api.quote_answers import QuoteAnswer
from catalogue.domain.price_models import PerUnit
from catalogue.models import Company, Product, Scope
from catalogue.services.accounts import open_account
from catalogue.services.promotions import count_redemptions, create_promotion
from catalogue.services.tax_rates import enter_tax_rate
from tests.factories.houses import client_of, operator_of
from tests.factories.invoices import currency
from tests.factories.quotes import ITEMS, START, ask, enter, key, problems, sales_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return sales_office()


@pytest.fixture
def client(house):
    return client_of(key(house))


def test_line_by_line(client):
    answer = ask(client)
    assert answer.status_code == 200
    quote = answer.json()
    charge = quote["lines"][0]
    assert charge.pop("price").pop("id")
    assert charge == {
        "items": [0],
        "month": "2026-03",
        "kind": "charge",
        "sku": "VM",
        "description": "Machine",
        "family": "Compute",
        "unit": "hour",
        "tax_category": "standard",
        "quantity": "1461",
        "unit_price": None,
        "steps": [
            {"label": "tier 1: up to 1000", "quantity": "1000", "unit_price": "0.05", "amount": "50"},
            {"label": "tier 2: above 1000", "quantity": "461", "unit_price": "0.04", "amount": "18.44"},
        ],
        "amount": "68.44",
        "net_amount": "68.44",
    }
    assert [(line["kind"], line["sku"], line["net_amount"]) for line in quote["lines"]] == [
        ("charge", "VM", "68.44"),
        ("charge", "REQ", "6.55"),
        ("true_up", "REQ", "3.45"),
    ]
    assert quote["discounts"] == []
    assert quote["taxes"] == [
        {
            "month": "2026-03",
            "category": "reduced",
            "name": "VAT",
            "percent": "7",
            "taxable_amount": "10",
            "tax_amount": "0.7",
        },
        {
            "month": "2026-03",
            "category": "standard",
            "name": "VAT",
            "percent": "19",
            "taxable_amount": "68.44",
            "tax_amount": "13",
        },
    ]
    assert (quote["net_amount"], quote["tax_amount"], quote["gross_amount"]) == ("78.44", "13.7", "92.14")
    assert (quote["company"], quote["account"], quote["country"], quote["currency"]) == (
        "DE",
        "ACME",
        "DE",
        "EUR",
    )


def test_cost_and_margin(client):
    cost = ask(client).json()["cost"]
    assert [(line["sku"], line["quantity"], line["net_amount"]) for line in cost["lines"]] == [
        ("VM", "1461", "29.22"),
        ("REQ", "250", "2.5"),
    ]
    assert (cost["company"], cost["currency"], cost["net_amount"]) == ("HQ", "USD", "31.72")
    # 78.44 * 1.0845 = 85.06818 -> 85.07
    assert cost["margin"] == {"revenue": "85.07", "cost": "31.72", "margin": "53.35", "percent": "62.71"}
    assert cost["unknown"] == ""


def test_cost_is_for_those_who_may_see_it(house):
    account = house.accounts.get()
    for text in (key(house, Scope.CATALOGUE_READ), key(house, Scope.CATALOGUE_READ, account=account)):
        quote = ask(client_of(text)).json()
        assert (quote["net_amount"], quote["cost"]) == ("78.44", None)


def test_a_head_office_has_no_cost_side(house):
    open_account(code="DIRECT", company=house.parent)
    quote = ask(client_of(key(house.parent)), account="DIRECT").json()
    assert (quote["net_amount"], quote["currency"], quote["cost"]) == ("31.72", "USD", None)


def test_a_margin_that_is_not_known(house, client):
    Product.objects.create(sku="NEW", unit="each", kind="one_time")
    enter(house, "NEW", PerUnit(Decimal(5)))
    cost = ask(client, [*ITEMS, {"sku": "NEW", "start": START}]).json()["cost"]
    assert (cost["margin"], cost["net_amount"]) == (None, "31.72")
    assert cost["unknown"] == "HQ: NEW has no price in USD at 2026-02-28 23:00 UTC."
    cost = ask(client, issued_on="2026-03-30").json()["cost"]
    assert cost["margin"] is None
    assert "no exchange rate from EUR to USD on 2026-03-30" in cost["unknown"]


def test_what_the_account_holds_and_a_coupon_come_off(house, client):
    account = house.accounts.get()
    create_promotion(
        company=house,
        code="TEN",
        percent=Decimal(10),
        families=["Compute"],
        accounts=[account],
        valid_from=date(2026, 3, 1),
        valid_to=date(2026, 4, 1),
    )
    create_promotion(
        company=house,
        code="FIVE",
        amount=Decimal(5),
        currency=currency("EUR", 2),
        is_coupon=True,
        valid_from=date(2026, 1, 1),
        max_redemptions=1,
    )
    quote = ask(client).json()
    assert quote["discounts"] == [
        {"month": "2026-03", "code": "TEN", "tax_category": "standard", "net_amount": "-6.84"}
    ]
    quote = ask(client, coupon="FIVE").json()
    # 5.00 of 61.60 + 10.00: 4.301... and 0.698...
    assert [(row["code"], row["tax_category"], row["net_amount"]) for row in quote["discounts"]] == [
        ("TEN", "standard", "-6.84"),
        ("FIVE", "reduced", "-0.7"),
        ("FIVE", "standard", "-4.3"),
    ]
    assert (quote["net_amount"], quote["tax_amount"]) == ("66.6", "11.54")
    in_april = [ITEMS[0] | {"start": "2026-04-01T00:00:00+02:00"}]
    assert ask(client, in_april).json()["discounts"] == []
    count_redemptions(times={house.promotions.get(code="FIVE").pk: 1})
    assert problems(ask(client, coupon="FIVE")) == {
        "#/coupon": "FIVE is no coupon that takes anything off now."
    }


def test_a_third_off_leaves_the_cents_of_the_invoice(house, client):
    """2.49 less 33 %, and 20 % tax: 2.00 here as on the invoice (EC79)."""
    Product.objects.create(sku="BOOK", unit="each", kind="one_time")
    enter(house, "BOOK", PerUnit(Decimal("2.49")))
    enter_tax_rate(country="DE", percent=Decimal(20), valid_from=date(2026, 1, 1), name="VAT")
    create_promotion(
        company=house, code="THIRD", percent=Decimal(33), valid_from=date(2026, 1, 1), is_coupon=True
    )
    quote = ask(client, [{"sku": "BOOK", "start": START}], coupon="THIRD").json()
    assert [discount["net_amount"] for discount in quote["discounts"]] == ["-0.82"]
    assert (quote["net_amount"], quote["tax_amount"], quote["gross_amount"]) == ("1.67", "0.33", "2")


def test_months_are_invoices_of_their_own(client):
    april = ITEMS[1] | {"start": "2026-03-31T22:00:00Z"}
    quote = ask(client, [ITEMS[1], april]).json()
    assert [(line["month"], line["kind"], line["net_amount"]) for line in quote["lines"]] == [
        ("2026-03", "charge", "6.55"),
        ("2026-03", "true_up", "3.45"),
        ("2026-04", "charge", "6.55"),
        ("2026-04", "true_up", "3.45"),
    ]
    assert [(tax["month"], tax["tax_amount"]) for tax in quote["taxes"]] == [
        ("2026-03", "0.7"),
        ("2026-04", "0.7"),
    ]


def test_tax_is_of_the_day_of_issue(client):
    enter_tax_rate(country="DE", percent=Decimal(20), valid_from=date(2026, 4, 1), name="VAT")
    taxes = {
        issued_on: ask(client, [ITEMS[0]], issued_on=issued_on).json()["taxes"][0]["percent"]
        for issued_on in (None, "2026-03-31", "2026-04-01")
    }
    assert taxes == {None: "20", "2026-03-31": "19", "2026-04-01": "20"}


def test_an_agreed_price(house, client):
    enter(house, "VM", PerUnit(Decimal("0.03")), account=house.accounts.get())
    (line,) = ask(client, [ITEMS[0]]).json()["lines"]
    assert (line["unit_price"], line["net_amount"]) == ("0.03", "43.83")
    price = line["price"]
    assert (price["is_agreed"], price["valid_from"], price["model"]) == (
        True,
        "2023-01-01T00:00:00Z",
        "per_unit",
    )


def test_an_order_is_quoted_for_one_cycle_and_a_quantity_may_be_nothing(house, client):
    Product.objects.create(sku="PLAN", unit="month", kind="recurring", cycle="monthly")
    enter(house, "PLAN", PerUnit(Decimal("19.90")))
    lines = ask(client, [{"sku": "PLAN", "quantity": 3}, {"sku": "REQ", "units": 0}]).json()["lines"]
    assert [(line["quantity"], line["net_amount"]) for line in lines] == [("3", "59.7"), ("0", "0")]


def test_someone_without_an_account(house):
    seller = client_of(key(house, Scope.CATALOGUE_READ))
    quote = ask(seller, country="AT", currency="EUR", company="DE").json()
    assert (quote["account"], quote["country"], quote["net_amount"], quote["taxes"][0]["percent"]) == (
        None,
        "AT",
        "78.44",
        "0",
    )
    assert ask(seller, country="DE", currency="EUR").json()["gross_amount"] == "92.14"


def test_a_head_office_quotes_strangers_only_to_those_who_may_see_cost(house):
    for country, company in (("US", None), ("DE", "HQ")):
        body = {"country": country, "currency": "USD", "company": company}
        blind = ask(client_of(key(house.parent, Scope.CATALOGUE_READ)), **body)
        assert list(problems(blind)) == ["#/company"]
        assert ask(client_of(key(house.parent)), **body).json()["net_amount"] == "31.72"


def test_who_may_ask(house):
    assert ask(client_of(key(house, Scope.BILLING_READ))).status_code == 403
    assert ask(client_of("mk_none.none")).status_code == 401


@pytest.mark.parametrize(("role", "sees_cost"), [("pricing", True), ("support", False)])
def test_a_person_asks(house, role, sees_cost):
    browser = Client()
    browser.force_login(operator_of(Company.objects.get(code="DE"), role))
    assert (ask(browser).json()["cost"] is not None) == sees_cost


def test_queries_do_not_grow_with_the_items(client, django_assert_num_queries):
    # the key, its reach, the account, promotions, prices, taxes, how it is taxed and the exchange rate
    for items in (ITEMS, ITEMS * 50):
        with django_assert_num_queries(8):
            ask(client, items)


def test_the_schema_describes_the_answer(house, client):
    create_promotion(
        company=house,
        code="TEN",
        percent=Decimal(10),
        accounts=house.accounts.all(),
        valid_from=date(2026, 3, 1),
    )

    def compare(serializer, value):
        if hasattr(serializer, "child"):
            for row in value:
                compare(serializer.child, row)
        elif hasattr(serializer, "fields"):
            assert list(value) == list(serializer.fields)
            for name, field in serializer.fields.items():
                compare(field, value[name])

    compare(QuoteAnswer(), ask(client).json())
