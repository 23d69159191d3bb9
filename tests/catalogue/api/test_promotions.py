from datetime import date

import pytest

from catalogue.models import Product, Promotion, Scope
from tests.factories.houses import client_of, head_office, key_of, operator_of, product

pytestmark = pytest.mark.django_db
TERMS = {"code": "SPRING", "company": "alder", "percent": "12.5", "valid_from": "2026-03-01"}


@pytest.fixture
def north():
    product()
    return head_office("north", "alder", "birch")


@pytest.fixture
def alder(north):
    return north.sales_offices[0]


def create(client, **changes):
    body = {name: value for name, value in (TERMS | changes).items() if value is not None}
    return client.post("/api/v1/promotions", body, content_type="application/json")


def pointers(answer):
    assert answer["Content-Type"] == "application/problem+json"
    return {error["pointer"]: error["detail"] for error in answer.json()["errors"]}


def test_created_and_listed(alder):
    client = client_of(alder.key)
    answer = create(
        client,
        skus=["VM"],
        families=["Compute"],
        accounts=["alder-1"],
        is_coupon=True,
        valid_to="2026-06-01",
        max_redemptions=3,
    )
    assert answer.status_code == 201
    row = answer.json()
    assert row.pop("id")
    assert row == {
        "code": "SPRING",
        "company": "alder",
        "percent": "12.5",
        "amount": None,
        "currency": None,
        "skus": ["VM"],
        "families": ["Compute"],
        "valid_from": "2026-03-01",
        "valid_to": "2026-06-01",
        "position": 1,
        "is_coupon": True,
        "max_redemptions": 3,
        "redemptions": 0,
    }
    listed = client.get("/api/v1/promotions?account=alder-1").json()["results"]
    assert [promotion["code"] for promotion in listed] == ["alder-promo", "SPRING"]
    listed = client.get("/api/v1/promotions?valid_on=2026-06-01").json()["results"]
    assert [promotion["code"] for promotion in listed] == ["alder-promo"]


def test_the_same_again_answers_what_stands(alder):
    client = client_of(alder.key)
    first = create(client).json()
    assert create(client).json() == first
    again = create(client, percent="13")
    assert (again.status_code, again.json()["code"]) == (409, "promotion_code_taken")


def test_an_amount(alder):
    row = create(client_of(alder.key), percent=None, amount=50, currency="USD").json()
    assert (row["percent"], row["amount"], row["currency"]) == (None, "50", "USD")


@pytest.mark.parametrize(
    ("changes", "pointer", "sentence"),
    [
        ({"skus": ["VM", "CABLE"]}, "#/skus/1", "nothing here by this name"),
        ({"accounts": ["birch-1"]}, "#/accounts/0", "nothing here by this name"),
        ({"company": "birch"}, "#/company", "nothing here by this name"),
        ({"percent": None, "amount": "5", "currency": "XXX"}, "#/currency/0", "nothing here by this name"),
        ({"percent": "ten"}, "#/percent", "is not a number"),
        ({"percent": 12.5}, "#/percent", "as text"),
        ({"percent": "-1"}, "#/percent", "below 0"),
        ({"percents": "1"}, "#/percents", "No such field"),
        ({"valid_from": "spring"}, "#/valid_from", "wrong format"),
        ({"code": "10 % off"}, "#/code", "slug"),
        ({"max_redemptions": 0}, "#/max_redemptions", "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_used(alder, changes, pointer, sentence):
    answer = create(client_of(alder.key), **changes)
    assert answer.status_code == 400
    found = pointers(answer)
    assert list(found) == [pointer]
    assert sentence in found[pointer]
    assert not Promotion.objects.filter(code="SPRING").exists()


def test_a_percent_above_100(alder):
    answer = create(client_of(alder.key), percent="101")
    assert (answer.status_code, answer.json()["code"]) == (400, "cannot_create_promotion")
    assert "up to 100" in answer.json()["detail"]


def test_who_may_create(north, alder):
    company = alder.company
    assert create(client_of(key_of(company, Scope.CATALOGUE_READ))).status_code == 403
    assert create(client_of(key_of(company, Scope.CATALOGUE_READ, account=alder.account))).status_code == 403
    assert create(client_of(north.key)).status_code == 201


@pytest.mark.parametrize(("role", "status"), [("pricing", 201), ("support", 403)])
def test_which_role_may_create(alder, client, role, status):
    client.force_login(operator_of(alder.company, role))
    assert create(client).status_code == status


def test_a_coupon_is_taken_for_an_account(alder):
    client = client_of(alder.key)
    create(client, is_coupon=True)
    body = {"account": "alder-1", "coupon": "SPRING"}
    answer = client.post("/api/v1/promotions/redeem", body, content_type="application/json")
    assert (answer.status_code, answer.json()["percent"]) == (200, "12.5")
    assert alder.account.promotions.filter(code="SPRING").exists()

    refused = client.post(
        "/api/v1/promotions/redeem", body | {"coupon": "SUMMER"}, content_type="application/json"
    )
    assert (refused.status_code, refused.json()["code"]) == (400, "coupon_refused")
    foreign = client.post(
        "/api/v1/promotions/redeem", body | {"account": "birch-1"}, content_type="application/json"
    )
    assert list(pointers(foreign)) == ["#/account"]


def test_a_page_costs_a_fixed_number_of_queries(alder, django_assert_max_num_queries):
    for number in range(5):
        promotion = Promotion.objects.create(
            code=f"P{number}", company=alder.company, percent=5, valid_from=date(2026, 3, 1)
        )
        promotion.products.set(Product.objects.all())
    client = client_of(alder.key)
    with django_assert_max_num_queries(4):
        client.get("/api/v1/promotions")
