"""What metering does when the catalogue changes."""

from collections.abc import Collection
from datetime import datetime

from django.dispatch import receiver

from catalogue.signals import prices_changed
from metering.services.price_changes import mark_stale_for_prices


@receiver(prices_changed, dispatch_uid="metering.prices_changed")
def look_again_at_what_prices_change(
    *, company_id: int, product_ids: Collection[int] | None, valid_from: datetime, **_: object
) -> None:
    mark_stale_for_prices(company_id=company_id, product_ids=product_ids, valid_from=valid_from)
