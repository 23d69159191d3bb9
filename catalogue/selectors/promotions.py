"""Which promotions an account holds, and what they take off."""

from dataclasses import dataclass
from datetime import date

from billing_site.common import sql
from catalogue.domain.discounts import PromotionTerms


@dataclass(frozen=True, slots=True)
class HeldPromotion:
    """A promotion that an account holds, or might by its coupon code."""

    terms: PromotionTerms
    valid_from: date
    valid_to: date | None

    def counts_in(self, month: date) -> bool:
        """Tell whether it counts in the billing period that begins on that day (rule 13)."""
        return self.valid_from <= month and (self.valid_to is None or month < self.valid_to)


def promotions_of(
    *, company_id: int, account_id: int | None, currency: str, coupon: str = ""
) -> list[HeldPromotion]:
    """Return what may be taken off in a currency and has redemptions left, in whichever period (one query).

    In the order in which they count. coupon: the code of one that the account need not hold. Without an
    account only the coupon.
    """
    asked = {"company_id": company_id, "account_id": account_id, "currency": currency, "coupon": coupon}
    return [
        HeldPromotion(
            terms=PromotionTerms(
                row["code"], row["percent"], row["amount"], frozenset(row["skus"]), frozenset(row["families"])
            ),
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
        )
        for row in sql.rows("catalogue", "promotions_of", asked)
    ]
