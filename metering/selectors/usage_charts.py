"""Usage of one resource by meter and hour, for charts only: nothing is ever rated from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from billing_site.common import sql
from catalogue.domain.periods import Period
from metering.models import Resource
from metering.selectors.resource_lives import LivedInterval


@dataclass(frozen=True, slots=True)
class MeterHour:
    """What one meter showed in the hour from `hour` on [the product's unit, rounded to 12 decimals]."""

    hour: datetime
    quantity: Decimal
    records: int


@dataclass(frozen=True, slots=True)
class Meter:
    """One meter of a resource, in hours in which it has records, in order."""

    sku: str
    unit: str
    hours: tuple[MeterHour, ...]


def usage_by_hour(resource: Resource, *, intervals: Sequence[LivedInterval], period: Period) -> list[Meter]:
    """Return one row a meter, by SKU, of a stretch of time; 1 query.

    intervals: those of `resource_life`, so that who had the resource before or after shows nothing of theirs.
    """
    had = [
        part
        for interval in intervals
        if (part := Period(interval.started_at, interval.ended_at or _LATEST).overlap(period))
    ]
    rows = sql.rows(
        "metering",
        "usage_by_hour",
        {
            "head_office_id": resource.head_office_id,
            "resource": resource.name,
            "starts": [part.start for part in had],
            "ends": [part.end for part in had],
        },
    )
    meters: dict[tuple[str, str], list[MeterHour]] = {}
    for row in rows:
        hours = meters.setdefault((row["sku"], row["unit"]), [])
        hours.append(MeterHour(row["hour"], Decimal(row["quantity"]), row["records"]))
    return [Meter(sku, unit, tuple(hours)) for (sku, unit), hours in meters.items()]


_LATEST = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
