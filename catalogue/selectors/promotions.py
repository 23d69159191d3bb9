"""Which promotions an account holds, and what they take off."""

from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from catalogue.domain.discounts import PromotionTerms
from catalogue.models import Account, Company, Promotion


def promotions_of(*, company: Company, account: Account | None, coupon: str = "") -> QuerySet[Promotion]:
    """One row a promotion that the account holds, or has with that coupon, in the order in which they count.

    With or without redemptions left, in whichever period; each with the SKUs of its products as `skus` (one
    query). Without an account only the coupon.
    """
    holders = Promotion.accounts.through.objects.filter(promotion=OuterRef("pk"), account=account)
    is_asked_for = Q(is_coupon=True, code=coupon) if coupon else Q(pk__in=[])
    promotions = Promotion.objects.filter(company=company).filter(is_asked_for | Exists(holders))
    skus = ArrayAgg("products__sku", filter=Q(products__isnull=False), default=[])
    return promotions.annotate(skus=skus).order_by("position", "code")


def with_redemptions_left(promotions: QuerySet[Promotion]) -> QuerySet[Promotion]:
    """Leave out those that were redeemed as often as they may be."""
    return promotions.filter(Q(max_redemptions=None) | Q(max_redemptions__gt=F("redemptions")))


def terms_of_promotion(promotion: Promotion) -> PromotionTerms:
    """Return what a promotion of `promotions_of` takes off."""
    return PromotionTerms(
        promotion.code,
        promotion.percent,
        promotion.amount,
        frozenset(promotion.skus),  # type: ignore[attr-defined]
        frozenset(promotion.families),
    )


def counts_in(promotion: Promotion, month: date) -> bool:
    """Tell whether it counts in the billing period that begins on that day (rule 13)."""
    return promotion.valid_from <= month and (promotion.valid_to is None or month < promotion.valid_to)
