"""The stored inputs of one charge, as the rating of its month knew them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast
from zoneinfo import ZoneInfo

from billing_site.common import sql
from catalogue.domain.periods import Period
from catalogue.domain.terms import PriceTerms
from catalogue.models import Product
from metering.domain.billable_time import TimeRounding
from metering.domain.explanations import Priced, Totals, priced, timed_quantity
from metering.domain.price_versions import PriceVersion, stretches_of
from metering.models import AccountPeriod
from metering.selectors.explained_sources import Asked, SourcePage, Stretch, record_page, stretch_page
from metering.selectors.timelines import rebuild_timelines
from metering.selectors.used_usage import collect_used_usage


@dataclass(frozen=True, slots=True)
class ResourcePart:
    """What one resource adds to a charge of the whole account, from so many stretches or records.

    quantity: [the product's unit; None where parts do not add up: highest, last, different values]
    """

    resource: str
    quantity: Fraction | None
    sources: int


@dataclass(slots=True)
class Inputs:
    """What a charge may come from; `priced` narrows it to one price version, and remembers that."""

    charge: Any
    product: Product
    period: Period
    zone: ZoneInfo
    lived: list[Stretch]
    is_pooled: bool
    stretches: list[Stretch] = field(default_factory=list)
    sums: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_timed(self) -> bool:
        return self.product.kind == Product.Kind.TIME

    @property
    def rounding(self) -> TimeRounding:
        return cast(TimeRounding, self.product.time_rounding)

    def priced(
        self, price_id: int | None, versions: Iterable[PriceVersion], terms: PriceTerms, minor_units: int
    ) -> Priced:
        """Price what was used while the price version counted; 3 queries for usage, none for time."""
        where = stretches_of(price_id, versions, self.period) if price_id is not None else ()
        if self.is_timed:
            self.stretches = sorted(
                (piece for stretch in self.lived for piece in _pieces(stretch, where)),
                key=lambda piece: (piece.period.start, piece.resource_id),
            )
            quantity = timed_quantity(_by_item(self.stretches), self.rounding, self.zone)
            return priced(terms, quantity, records=0, minor_units=minor_units)
        sql.run("metering", "drop_explanation_tables")
        sql.run(
            "metering",
            "explain_records",
            {
                "starts": [stretch.start for stretch in where],
                "ends": [stretch.end for stretch in where],
                "product_id": self.product.pk,
                "resource_id": self.charge.resource_id,
                "is_pooled": self.is_pooled,
            },
        )
        self.sums = sql.rows("metering", "explain_sums")
        totals = self._totals()
        quantity = totals.quantity(self.product.aggregation)
        return priced(terms, quantity, records=totals.records, minor_units=minor_units)

    def parts(self) -> list[ResourcePart]:
        """Return one row a resource, the largest first."""
        if self.is_timed:
            by_resource: dict[str, list[Stretch]] = {}
            for stretch in self.stretches:
                by_resource.setdefault(stretch.resource, []).append(stretch)
            found = [
                ResourcePart(name, timed_quantity(_by_item(own), self.rounding, self.zone), len(own))
                for name, own in by_resource.items()
            ]
        else:
            adds_up = self.product.aggregation == Product.Aggregation.SUM
            sums: dict[str, tuple[Fraction, int]] = {}
            for row in self.sums:
                total, records = sums.get(row["resource"] or "", (Fraction(0), 0))
                sums[row["resource"] or ""] = total + _ratio(row, "total"), records + row["records"]
            found = [
                ResourcePart(name, total if adds_up else None, records)
                for name, (total, records) in sums.items()
            ]
        return sorted(found, key=lambda part: (-(part.quantity or 0), part.resource))

    def page(self, asked: Asked, *, page_size: int, after: str) -> SourcePage:
        """Return a page of the stretches or records that were priced last."""
        if self.is_timed:
            return stretch_page(self.stretches, asked, page_size=page_size, after=after)
        if not self.sums:
            return SourcePage()
        return record_page(asked, page_size=page_size, after=after)

    def _totals(self) -> Totals:
        last = next(iter(sql.rows("metering", "explain_last_record")), None)
        if last is None:
            return Totals(Fraction(0), Fraction(0), Fraction(0), 0, 0)
        return Totals(
            sum=sum((_ratio(row, "total") for row in self.sums), Fraction(0)),
            highest=max(_ratio(row, "highest") for row in self.sums),
            last=_ratio(last, "numerator"),
            different=last["different"],
            records=sum(row["records"] for row in self.sums),
        )


def known_inputs(
    *,
    charge: Any,
    product: Product,
    period: AccountPeriod,
    zone: ZoneInfo,
    head_office_id: int,
    is_pooled: bool,
    received_by: datetime | None,
    count_until: datetime,
) -> Inputs:
    """Read what the charge's month was rated from, by the statements that rate; 8 to 10 queries.

    charge: with the name of its resource. is_pooled: its price has the scope account. received_by: [instant]
    what came later is left out; None: nothing. count_until: [instant] billable time counts up to here.
    """
    of_resource = charge.resource_id is not None
    sql.run("metering", "drop_rating_tables")
    sql.run(
        "metering",
        "rating_periods",
        {"periods": [period.pk], "as_of": count_until, "bill_month": charge.month},
    )
    sql.run(
        "metering",
        "explain_late_resources",
        {
            "received_by": received_by,
            "until": period.period_end,
            "head_office_id": head_office_id,
            "resource": charge.resource if of_resource else None,
        },
    )
    rebuild_timelines(received_by=received_by)
    sql.run("metering", "cut_intervals")
    sql.run("metering", "collect_known_life")
    if of_resource:
        sql.run("metering", "explain_only_resource", {"resource_id": charge.resource_id})
    lived: list[Stretch] = []
    if product.kind == Product.Kind.TIME:
        parameters = {"product_id": product.pk, "item_quantity": charge.item_quantity}
        lived = [_stretch(row) for row in sql.rows("metering", "explain_stretches", parameters)]
    elif product.kind == Product.Kind.USAGE:
        collect_used_usage(received_by=received_by)
    whole = Period(period.period_start, period.period_end)
    return Inputs(charge, product, whole, zone, lived, is_pooled)


def _stretch(row: dict[str, Any]) -> Stretch:
    return Stretch(
        resource_id=row["resource_id"],
        resource=row["resource"],
        state=row["state"],
        item_quantity=row["item_quantity"],
        period=Period(row["started_at"], row["ended_at"]),
        life_start=row["life_start"],
        life_end=row["life_end"],
    )


def _pieces(stretch: Stretch, where: Iterable[Period]) -> Iterable[Stretch]:
    for version in where:
        if inside := stretch.period.overlap(version):
            yield Stretch(
                stretch.resource_id,
                stretch.resource,
                stretch.state,
                stretch.item_quantity,
                inside,
                stretch.life_start,
                stretch.life_end,
            )


def _by_item(stretches: Iterable[Stretch]) -> dict[tuple[str, Decimal], list[Period]]:
    by_item: dict[tuple[str, Decimal], list[Period]] = {}
    for stretch in stretches:
        by_item.setdefault((stretch.resource, stretch.item_quantity), []).append(stretch.period)
    return by_item


def _ratio(row: dict[str, Any], numerator: str) -> Fraction:
    return Fraction(row[numerator]) / Fraction(row["denominator"])
