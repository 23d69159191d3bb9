from datetime import date
from decimal import Decimal

import pytest

from catalogue.models import Product
from catalogue.selectors.promotions import promotions_of
from catalogue.services.promotions import count_redemptions, create_promotion
from tests.factories.invoices import account, company, currency

pytestmark = pytest.mark.django_db
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def create(code, **terms):
    if "amount" not in terms:
        terms = {"percent": Decimal(10)} | terms
    return create_promotion(company=company(), code=code, **({"valid_from": MARCH} | terms))


def codes(holder=None, *, coupon=""):
    held = promotions_of(
        company_id=company().pk, account_id=holder and holder.pk, currency="EUR", coupon=coupon
    )
    return [promotion.terms.code for promotion in held]


def test_in_the_order_in_which_they_were_created():
    for code in "BCA":
        create(code, accounts=[account()])
    create("OTHERS")
    assert codes(account()) == ["B", "C", "A"]


def test_a_coupon_need_not_be_held():
    create("GIVEN", accounts=[account()])
    create("WELCOME", is_coupon=True)
    create("SECRET")
    assert codes(account(), coupon="WELCOME") == ["GIVEN", "WELCOME"]
    assert codes(account(), coupon="SECRET") == ["GIVEN"]
    assert codes(coupon="WELCOME") == ["WELCOME"]
    assert codes() == []


def test_what_is_used_up_or_of_another_currency_takes_nothing_off():
    used_up = create("ONE", accounts=[account()], max_redemptions=1)
    count_redemptions(times={used_up.pk: 1})
    create("USD", amount=Decimal(5), currency=currency("USD", 2), is_coupon=True)
    create("EUR", amount=Decimal(5), currency=currency("EUR", 2), accounts=[account()])
    assert codes(account(), coupon="USD") == ["EUR"]


def test_what_it_takes_off_and_when():
    vm = Product.objects.create(sku="VM", unit="hour", kind="time")
    create("P", accounts=[account()], products=[vm], families=["Storage"], valid_to=APRIL)
    (held,) = promotions_of(company_id=company().pk, account_id=account().pk, currency="EUR")
    assert (held.terms.percent, held.terms.amount) == (10, None)
    assert (held.terms.skus, held.terms.families) == ({"VM"}, {"Storage"})
    months = (date(2026, 2, 1), MARCH, APRIL)
    assert [held.counts_in(month) for month in months] == [False, True, False]


def test_it_counts_from_the_moment_it_is_saved():
    promotion = create("P", accounts=[account()])
    promotion.percent = Decimal(20)
    promotion.save()
    (held,) = promotions_of(company_id=company().pk, account_id=account().pk, currency="EUR")
    assert held.terms.percent == 20
