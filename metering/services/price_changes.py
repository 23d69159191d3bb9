"""A changed price makes what it priced, or could not price, worth another look."""

from collections.abc import Collection
from datetime import datetime

from billing_site.common import sql


def mark_stale_for_prices(
    *, company_id: int, product_ids: Collection[int] | None, valid_from: datetime
) -> None:
    """Mark the months from `valid_from` on in which accounts of the company or its offices used products.

    product_ids: None: any. Part of the transaction that enters the prices. A price that lies in the future
    marks nothing that is past.
    """
    sql.run(
        "metering",
        "mark_stale_for_prices",
        {
            "company_id": company_id,
            "product_ids": None if product_ids is None else list(product_ids),
            "valid_from": valid_from,
        },
    )
