from datetime import date
from decimal import Decimal

import pytest

from catalogue.models import Promotion
from tests.factories.houses import head_office, product

pytestmark = pytest.mark.django_db
ADD = "/console/catalogue/promotion/add/"


@pytest.fixture
def north():
    return head_office("north", "alder", "birch")


@pytest.fixture
def form(north):
    alder = north.sales_offices[0]
    return {
        "code": "SPRING",
        "company": alder.company.pk,
        "position": 1,
        "percent": "12.5",
        "products": [product().pk],
        "families": "Compute, Storage",
        "accounts": [alder.account.pk],
        "is_coupon": "on",
        "valid_from": "2026-03-01",
    }


@pytest.fixture
def pricing(client, north):
    client.force_login(north.operator)
    return client


def test_a_promotion_is_entered_and_counts_at_once(pricing, form):
    assert pricing.post(ADD, form).status_code == 302
    promotion = Promotion.objects.get(code="SPRING")
    assert (promotion.percent, promotion.families) == (Decimal("12.5"), ["Compute", "Storage"])
    assert [holder.code for holder in promotion.accounts.all()] == ["alder-1"]
    assert (promotion.is_coupon, promotion.redemptions) == (True, 0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": "5"}, "Enter either a percent, or an amount and its currency."),
        ({"percent": "101"}, "A percent lies above 0 and up to 100, an amount above 0."),
        ({"valid_to": "2026-03-01"}, "It must end after it starts."),
    ],
)
def test_what_contradicts_itself_is_said_on_the_page(pricing, form, changes, sentence):
    answer = pricing.post(ADD, form | changes)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Promotion.objects.filter(code="SPRING").exists()


def test_it_is_given_only_to_accounts_of_its_company(pricing, form, north):
    birch = north.sales_offices[1].account
    answer = pricing.post(ADD, form | {"accounts": [birch.pk]})
    assert "birch-1 is not an account of alder." in answer.content.decode()


def test_a_company_is_needed(pricing, form):
    answer = pricing.post(ADD, form | {"company": ""})
    assert answer.status_code == 200
    assert "This field is required." in answer.content.decode()


def test_the_maximum_cannot_fall_below_what_was_redeemed(pricing, form, north):
    promotion = Promotion.objects.create(
        code="P",
        company=north.sales_offices[0].company,
        percent=5,
        valid_from=date(2026, 3, 1),
        redemptions=3,
        max_redemptions=3,
    )
    page = f"/console/catalogue/promotion/{promotion.pk}/change/"
    changed = {name: value for name, value in form.items() if name not in ("code", "company")}
    answer = pricing.post(page, changed | {"max_redemptions": 2})
    assert "It was redeemed 3 times already." in answer.content.decode()
    assert pricing.post(page, changed | {"max_redemptions": 4}).status_code == 302
