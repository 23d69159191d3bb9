"""Where a price book has no price of what is sold."""

from dataclasses import dataclass
from datetime import datetime

from billing_site.common import sql
from catalogue.models import Company


@dataclass(frozen=True, slots=True)
class PriceGap:
    """A product has no price in a currency from an instant to another; gap_to None: from then on.

    gap_from None: there never was one, though it is the company's own currency.
    """

    sku: str
    name: str
    currency: str
    gap_from: datetime | None
    gap_to: datetime | None


def price_gaps(
    company: Company, *, since: datetime, most: int, after: PriceGap | None = None
) -> list[PriceGap]:
    """Return the first gaps of a company's book that are not over by an instant; one query.

    One a gap, by SKU, currency and start; `after` is the last one seen. A product is wanted in the company's
    own currency until it is ended, and in each other currency from its first price on. Prices agreed with
    single accounts close no gap.
    """
    asked = {
        "company": company.pk,
        "since": since,
        "after_sku": after.sku if after else "",
        "after_currency": after.currency if after else "",
        "after_from": after.gap_from if after else None,
        "most": most,
    }
    return [PriceGap(**row) for row in sql.rows("catalogue", "price_gaps", asked)]
