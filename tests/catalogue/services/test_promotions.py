from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from catalogue.models import Product, Promotion
from catalogue.services.promotions import (
    CannotCreatePromotion,
    CannotGivePromotion,
    CouponRefused,
    PromotionCodeTaken,
    count_redemptions,
    create_promotion,
    give_promotion,
    redeem_coupon,
)
from tests.factories.invoices import account, company, currency

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)
AT = datetime(2026, 3, 10, tzinfo=UTC)


def ten_percent(code="TEN", **terms):
    return create_promotion(company=company(), code=code, percent=Decimal(10), valid_from=MARCH, **terms)


def coupon(code="WELCOME", **terms):
    return ten_percent(code, is_coupon=True, **terms)


def test_promotions_count_in_the_order_in_which_they_were_created():
    first, second = ten_percent("B"), ten_percent("A")
    assert (first.position, second.position) == (0, 1)
    assert list(Promotion.objects.all()) == [first, second]


def test_creating_again_changes_nothing_and_gives_it_to_more_accounts():
    vm = Product.objects.create(sku="VM", unit="hour", kind="time")
    terms = {"products": [vm], "families": ["Storage", "Compute"]}
    first = ten_percent(**terms, accounts=[account("a")])
    assert ten_percent(**terms, accounts=[account("b")]) == first
    assert first.families == ["Compute", "Storage"]
    assert [holder.code for holder in first.accounts.all()] == ["a", "b"]
    assert Promotion.objects.count() == 1


@pytest.mark.parametrize(
    "other", [{"valid_to": date(2027, 1, 1)}, {"families": ["Compute"]}, {"is_coupon": True}]
)
def test_a_code_means_one_promotion(other):
    ten_percent()
    with pytest.raises(PromotionCodeTaken, match="with other terms"):
        ten_percent(**other)


def test_another_company_may_use_the_same_code():
    ten_percent()
    other = company("FR")
    assert create_promotion(company=other, code="TEN", percent=Decimal(5), valid_from=MARCH).position == 0


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({}, "either a percent, or an amount and its currency"),
        ({"percent": Decimal(10), "amount": Decimal(5)}, "either a percent, or an amount"),
        ({"amount": Decimal(5)}, "either a percent, or an amount and its currency"),
        ({"percent": Decimal("100.01")}, "up to 100"),
        ({"percent": Decimal(0)}, "above 0"),
        ({"percent": Decimal(10), "valid_to": MARCH}, "must end after it starts"),
        ({"percent": Decimal("0.0000001")}, "6 decimal places"),
    ],
)
def test_what_contradicts_itself(terms, sentence):
    with pytest.raises(CannotCreatePromotion, match=sentence):
        create_promotion(company=company(), code="P", valid_from=MARCH, **terms)
    assert not Promotion.objects.exists()


def test_it_is_given_only_to_accounts_whose_invoices_it_fits():
    dollars = create_promotion(
        company=company(), code="USD", amount=Decimal(5), currency=currency("USD", 2), valid_from=MARCH
    )
    with pytest.raises(CannotGivePromotion, match="is billed in EUR"):
        give_promotion(promotion=dollars, account=account())
    with pytest.raises(CannotGivePromotion, match="no account of DE"):
        give_promotion(promotion=dollars, account=account("f", of=company("FR")))
    assert not dollars.accounts.exists()


def test_a_coupon_is_taken_by_its_code():
    created = coupon()
    assert redeem_coupon(account=account(), code=" WELCOME ", at=AT) == created
    assert redeem_coupon(account=account(), code="WELCOME", at=AT) == created
    assert [holder.code for holder in created.accounts.all()] == [account().code]


def test_only_a_coupon_of_the_own_company_is_taken():
    ten_percent()
    create_promotion(
        company=company("FR"), code="BIENVENUE", percent=Decimal(10), valid_from=MARCH, is_coupon=True
    )
    for code in ("TEN", "BIENVENUE", "NONE"):
        with pytest.raises(CouponRefused, match=f"There is no coupon {code}"):
            redeem_coupon(account=account(), code=code, at=AT)


def test_a_coupon_ends_when_no_further_period_can_have_it():
    coupon(valid_to=date(2026, 3, 2))
    redeem_coupon(account=account("a"), code="WELCOME", at=datetime(2026, 3, 31, 23, tzinfo=UTC))
    with pytest.raises(CouponRefused, match="ended on 2026-03-02"):
        redeem_coupon(account=account("b"), code="WELCOME", at=datetime(2026, 4, 1, tzinfo=UTC))
    # In Tokyo April has begun.
    with pytest.raises(CouponRefused, match="ended on 2026-03-02"):
        redeem_coupon(
            account=account("c", timezone="Asia/Tokyo"),
            code="WELCOME",
            at=datetime(2026, 3, 31, 23, tzinfo=UTC),
        )


def test_a_coupon_that_is_used_up_is_refused():
    limited = coupon(max_redemptions=1)
    assert count_redemptions(times={limited.pk: 1})
    with pytest.raises(CouponRefused, match="used up"):
        redeem_coupon(account=account(), code="WELCOME", at=AT)


def test_redemptions_are_counted_up_to_the_maximum():
    limited, unlimited = coupon(max_redemptions=3), ten_percent()
    assert count_redemptions(times={limited.pk: 2})
    assert not count_redemptions(times={limited.pk: 2})
    assert count_redemptions(times={limited.pk: 1})
    assert not count_redemptions(times={limited.pk: 1})
    assert count_redemptions(times={unlimited.pk: 1_000_000})
    limited.refresh_from_db()
    assert limited.redemptions == 3


def test_the_database_refuses_one_redemption_too_many():
    with pytest.raises(IntegrityError):
        Promotion.objects.filter(pk=coupon(max_redemptions=3).pk).update(redemptions=4)


def side_by_side(jobs):
    def run(job):
        try:
            return job()
        except CouponRefused:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


@pytest.mark.django_db(transaction=True)
def test_five_accounts_enter_a_coupon_for_one_at_once():
    limited = coupon(max_redemptions=1)
    accounts = [account(f"a{number}") for number in range(5)]
    results = side_by_side(
        [lambda holder=holder: redeem_coupon(account=holder, code="WELCOME", at=AT) for holder in accounts]
    )
    assert results.count(limited) == 1
    assert limited.accounts.count() == 1


@pytest.mark.django_db(transaction=True)
def test_five_invoices_use_a_promotion_for_one_at_once():
    limited = ten_percent(max_redemptions=1)
    results = side_by_side([lambda: count_redemptions(times={limited.pk: 1})] * 5)
    assert sorted(results, key=len) == [frozenset()] * 4 + [{limited.pk}]
