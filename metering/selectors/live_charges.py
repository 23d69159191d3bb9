"""The month to date, before any invoice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing_site.common import sql
from catalogue.models import Account
from metering.selectors.target_charges import compute_target_charges


@dataclass(frozen=True, slots=True)
class LiveCharge:
    """What a charge of an account would be if the month ended now; `amount` is unrounded, to 12 decimals."""

    sku: str
    resource: str | None
    item_quantity: Decimal | None
    quantity: Decimal
    unit_price: Decimal | None
    amount: Decimal
    currency: str
    service_start: datetime
    service_end: datetime
    price_id: int | None


@transaction.atomic
def live_charges(*, account: Account, month: date, as_of: datetime) -> list[LiveCharge]:
    """Return one row a charge of the account's month, by SKU and resource, without true-ups and corrections.

    Billable time and usage before `as_of` count, as known from what was received by then. Nothing is stored.
    """
    sql.run("metering", "drop_rating_tables")
    sql.run(
        "metering", "rating_period_of_account", {"account_id": account.pk, "month": month, "as_of": as_of}
    )
    compute_target_charges(received_by=as_of)
    return [LiveCharge(**row) for row in sql.rows("metering", "live_charges")]
