"""The orders of one charge, as they are now or as the charge itself tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from billing_site.common import sql
from catalogue.domain.cycles import annual_cycle
from catalogue.domain.periods import local_date, month_cycle
from catalogue.domain.terms import PriceTerms
from catalogue.models import Product
from metering.domain.explanations import Priced, ordered
from metering.domain.price_versions import PriceVersion, in_force
from metering.models import Order
from metering.selectors.explained_inputs import ResourcePart
from metering.selectors.explained_sources import Asked, OrderSource, SourcePage, order_page


@dataclass(slots=True)
class OrderInputs:
    """The cycles of orders that a charge may come from; `priced` narrows them to one price version."""

    due: Sequence[OrderSource]
    orders: list[OrderSource] = field(default_factory=list)

    def priced(
        self, price_id: int | None, versions: Iterable[PriceVersion], terms: PriceTerms, minor_units: int
    ) -> Priced:
        """Price the orders whose billed part begins while a version counts; None: agreed on the order."""
        known = list(versions)
        self.orders = [
            order
            for order in self.due
            if price_id is None
            or ((counts := in_force(known, order.started_at)) and counts.number == price_id)
        ]
        return ordered(terms, [(o.quantity, o.days, o.cycle_days) for o in self.orders], minor_units)

    def parts(self) -> list[ResourcePart]:
        """Return one row an order, the largest first."""
        found = [ResourcePart(order.order, Fraction(order.quantity), 1) for order in self.orders]
        return sorted(found, key=lambda part: (-(part.quantity or 0), part.resource))

    def page(self, _asked: Asked, *, page_size: int, after: str) -> SourcePage:
        """Return a page of the orders that were priced last."""
        return order_page(self.orders, page_size=page_size, after=after)


def due_orders(charge: Any, product: Product) -> OrderInputs:
    """Read what is due as the orders are now, for the month in the working table rating_period; 2 queries."""
    sql.run("metering", "collect_due_orders")
    of_charge = {
        "product_id": product.pk,
        "cycle_start": charge.cycle_start,
        "order_id": charge.order_id,
    }
    rows = [
        row
        for row in sql.rows("metering", "explain_orders", of_charge)
        # A price agreed on the order beats the book, for the customer.
        if charge.side == "cost" or (row["unit_price"] is None) == (charge.price_id is not None)
    ]
    return OrderInputs(
        [
            OrderSource(
                order=row["code"],
                quantity=row["quantity"],
                started_at=row["service_start"],
                ended_at=row["service_end"],
                days=row["days"],
                cycle_days=row["cycle_days"],
            )
            for row in rows
        ]
    )


def order_as_charged(charge: Any, product: Product, order: Order, zone: ZoneInfo) -> OrderInputs:
    """Return what the charge of an order tells: quantity and days as they were, whatever changed since."""
    if product.cycle == Product.Cycle.ANNUAL:
        years = charge.cycle_start.year - order.started_on.year
        cycle_days = annual_cycle(order.started_on, years).days
    else:
        cycle_days = month_cycle(charge.cycle_start).days if product.cycle else 1
    days = (local_date(charge.service_end, zone) - local_date(charge.service_start, zone)).days
    whole = product.proration == Product.Proration.NONE
    return OrderInputs(
        [
            OrderSource(
                order=order.code,
                quantity=charge.quantity,
                started_at=charge.service_start,
                ended_at=charge.service_end,
                days=cycle_days if whole else days,
                cycle_days=cycle_days,
            )
        ]
    )
