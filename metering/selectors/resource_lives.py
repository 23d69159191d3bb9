"""The life of one resource as its owners see it: stretches with their parts, and up time by day and month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from catalogue.domain.periods import Period, local_date
from catalogue.models import Account, Product
from catalogue.selectors.reach import Caller
from metering.domain.uptime import Stretch, UpTime, by_day, by_month
from metering.models import Resource
from metering.selectors.visible import visible_intervals


@dataclass(frozen=True, slots=True)
class Part:
    """What a resource is made of: so much of one product."""

    sku: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class LivedInterval:
    """A stretch `[started_at, ended_at)` of one state, account and parts; `ended_at` None: still so."""

    started_at: datetime
    ended_at: datetime | None
    account: str
    state: str
    timezone: str
    items: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ResourceLife:
    """A resource's intervals in order of time; up time by month, and of one month by day.

    timezone: of the account that has it, or had it last; days and months are those of its clock.
    month: the one of `days`. units: of what the parts are counted in, by SKU.
    """

    intervals: tuple[LivedInterval, ...]
    timezone: str
    months: tuple[UpTime, ...]
    month: date | None
    days: tuple[UpTime, ...]
    units: dict[str, str]


def resource_life(
    resource: Resource, *, caller: Caller, as_of: datetime, month: date | None = None
) -> ResourceLife:
    """Tell the stretches of a life in which accounts of the caller had it, as known now; 3 queries.

    as_of: [instant] up time of what runs counts up to here. month: [any day in it] the one to tell by day;
    None: the last one in which it lived.
    """
    rows: list[Any] = list(visible_intervals(caller).filter(resource_id=resource.pk).order_by("started_at"))
    products = Product.objects.in_bulk({key for row in rows for key in row.product_ids})
    zones = dict(
        Account.objects.filter(pk__in={row.account_id for row in rows}).values_list("pk", "timezone")
    )
    intervals = tuple(_interval(row, products, zones[row.account_id]) for row in rows)
    stretches = _stretches(intervals, as_of)
    if month is None and stretches:
        last = stretches[-1]
        month = local_date(last.period.end - _INSTANT, last.zone).replace(day=1)
    return ResourceLife(
        intervals=intervals,
        timezone=intervals[-1].timezone if intervals else "UTC",
        months=tuple(by_month(stretches)),
        month=month,
        days=tuple(by_day(stretches, month)) if month else (),
        units={product.sku: product.unit for product in products.values()},
    )


_INSTANT = datetime.resolution


def _interval(row: Any, products: dict[int, Product], timezone: str) -> LivedInterval:
    items = zip(row.product_ids, row.quantities, strict=True)
    return LivedInterval(
        started_at=row.started_at,
        ended_at=row.ended_at,
        account=row.account,
        state=row.state,
        timezone=timezone,
        items=tuple(Part(products[key].sku, quantity, products[key].unit) for key, quantity in items),
    )


def _stretches(intervals: Sequence[LivedInterval], as_of: datetime) -> list[Stretch]:
    return [
        Stretch(
            Period(interval.started_at, end),
            ZoneInfo(interval.timezone),
            interval.state == Resource.State.ACTIVE,
            tuple((item.sku, item.quantity) for item in interval.items),
        )
        for interval in intervals
        if (end := min(interval.ended_at or as_of, as_of)) > interval.started_at
    ]
