"""The month to date, before any invoice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import msgspec
from django.db import transaction

from billing_site.common import sql
from catalogue.models import Account
from metering.selectors.target_charges import compute_target_charges


class LiveCharge(msgspec.Struct, frozen=True, gc=False):
    """What a charge of an account would be if the month ended now; `amount` is unrounded, to 12 decimals."""

    sku: str
    resource: str | None
    item_quantity: Decimal | None
    quantity: Decimal
    unit_price: Decimal | None
    amount: Decimal
    service_start: datetime
    service_end: datetime


@dataclass(frozen=True, slots=True)
class MonthToDate:
    """The sum of the charges, unrounded, and a JSON list of them with LiveCharge's fields."""

    net_amount: Decimal
    lines: bytes

    def charges(self) -> list[LiveCharge]:
        return msgspec.json.decode(self.lines, type=list[LiveCharge])


def month_to_date(*, account: Account, month: date, as_of: datetime) -> MonthToDate:
    """Return the charges of the account's month, by SKU and resource, without true-ups and corrections.

    Billable time and usage before `as_of` count, as known from what was received by then. Nothing is stored:
    the working tables are rolled back, which is quicker than dropping them.
    """
    with transaction.atomic():
        sql.run("metering", "drop_rating_tables")
        sql.run(
            "metering",
            "rating_period_of_account",
            {"account_id": account.pk, "month": month, "as_of": as_of},
        )
        compute_target_charges(received_by=as_of, with_minimums=False)
        (total,) = sql.rows("metering", "live_total")
        lines = sql.rows("metering", "live_charges")
        transaction.set_rollback(True)
    return MonthToDate(total["net_amount"], msgspec.json.encode(lines))
