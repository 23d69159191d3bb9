"""Create promotions, give them to accounts, take coupons and count redemptions."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q

from billing_site.common import sql
from billing_site.common.errors import BillingError
from catalogue.domain.periods import local_date
from catalogue.models import Account, Company, Currency, Product, Promotion


class CannotCreatePromotion(BillingError):
    """A promotion that contradicts itself."""

    code = "cannot_create_promotion"


class PromotionCodeTaken(BillingError):
    """Another promotion of the company has this code."""

    code = "promotion_code_taken"
    is_conflict = True


class CannotGivePromotion(BillingError):
    """A promotion that could take nothing off an account's invoices."""

    code = "cannot_give_promotion"


class CouponRefused(BillingError):
    """A code that is no coupon, or one that is over or used up."""

    code = "coupon_refused"


@transaction.atomic
def create_promotion(
    *,
    company: Company,
    code: str,
    valid_from: date,
    valid_to: date | None = None,
    percent: Decimal | None = None,
    amount: Decimal | None = None,
    currency: Currency | None = None,
    products: Collection[Product] = (),
    families: Collection[str] = (),
    accounts: Collection[Account] = (),
    is_coupon: bool = False,
    max_redemptions: int | None = None,
) -> Promotion:
    """Create a promotion that counts at once, after the company's others, and give it to accounts.

    Products and families say what it takes off: without either, all. Idempotent by company and code: the same
    terms again return what stands, and only give it to accounts that do not hold it yet. Raises
    CannotCreatePromotion, PromotionCodeTaken, CannotGivePromotion.
    """
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    terms: dict[str, Any] = {
        "valid_from": valid_from,
        "valid_to": valid_to,
        "percent": percent,
        "amount": amount,
        "currency": currency,
        "families": sorted(families),
        "is_coupon": is_coupon,
        "max_redemptions": max_redemptions,
    }
    promotion = Promotion.objects.filter(company=company, code=code).first()
    if promotion is None:
        others = Promotion.objects.filter(company=company).aggregate(last=Max("position"))
        promotion = Promotion(
            company=company, code=code, position=0 if others["last"] is None else others["last"] + 1, **terms
        )
        _save(promotion)
        promotion.products.set(products)
    elif not _says(promotion, terms, products):
        raise PromotionCodeTaken(
            f"{company.code} has a promotion {code} with other terms: choose another code, or change it."
        )
    for account in accounts:
        give_promotion(promotion=promotion, account=account)
    return promotion


@transaction.atomic
def give_promotion(*, promotion: Promotion, account: Account) -> None:
    """Let an account hold a promotion, from now on; again: nothing changes. Raises CannotGivePromotion."""
    if account.company_id != promotion.company_id:
        raise CannotGivePromotion(
            f"{account.code} is no account of {promotion.company.code}, whose promotion {promotion.code} is."
        )
    if promotion.currency_id not in (None, account.currency_id):
        raise CannotGivePromotion(
            f"{promotion.code} takes off {promotion.currency_id}, and {account.code} is billed in "
            f"{account.currency_id}: create one in that currency."
        )
    promotion.accounts.add(account)


@transaction.atomic
def redeem_coupon(*, account: Account, code: str, at: datetime) -> Promotion:
    """Let an account that entered a coupon's code hold it; again: nothing changes.

    Where redemptions are limited, no more accounts can take it than it has redemptions: however many enter it
    at once, the last one is told. Raises CouponRefused, CannotGivePromotion.
    """
    coupons = Promotion.objects.select_for_update(of=("self",)).select_related("company")
    coupon = coupons.filter(company_id=account.company_id, code=code.strip(), is_coupon=True).first()
    if coupon is None:
        raise CouponRefused(f"There is no coupon {code.strip()}: check how it is spelt.")
    if coupon.accounts.filter(pk=account.pk).exists():
        return coupon
    this_month = local_date(at, ZoneInfo(account.timezone)).replace(day=1)
    if coupon.valid_to is not None and coupon.valid_to <= this_month:
        raise CouponRefused(f"The coupon {coupon.code} ended on {coupon.valid_to}.")
    taken = max(coupon.redemptions, coupon.accounts.count())
    if coupon.max_redemptions is not None and taken >= coupon.max_redemptions:
        raise CouponRefused(f"The coupon {coupon.code} is used up.")
    give_promotion(promotion=coupon, account=account)
    return coupon


def hold_limited_promotions(*, company: Company, month: date) -> None:
    """Lock those of the company's promotions of a billing month that have only so many redemptions.

    Until the transaction ends nobody else counts them; what is granted meanwhile is there to be counted.
    """
    limited = Promotion.objects.filter(company=company, valid_from__lte=month).exclude(max_redemptions=None)
    in_time = limited.filter(Q(valid_to=None) | Q(valid_to__gt=month))
    list(in_time.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def count_redemptions(*, times: Mapping[int, int]) -> frozenset[int]:
    """Count redemptions of promotions, by id, where so many are left; return those counted; one statement.

    Part of the transaction that issues the invoices: the promotions are locked until it ends, so that no
    other one counts past the maximum.
    """
    asked = {"promotions": list(times), "times": list(times.values())}
    return frozenset(row["id"] for row in sql.rows("catalogue", "count_redemptions", asked))


def _save(promotion: Promotion) -> None:
    try:
        promotion.full_clean()
    except ValidationError as problem:
        raise CannotCreatePromotion(
            f"The promotion {promotion.code}: {' '.join(problem.messages)}"
        ) from problem
    promotion.save()


def _says(promotion: Promotion, terms: dict[str, Any], products: Collection[Product]) -> bool:
    """Tell whether a promotion has these terms and products."""
    same = all(getattr(promotion, name) == value for name, value in terms.items())
    return same and set(promotion.products.all()) == set(products)
