"""Place and cancel orders; rating does the rest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction

from billing_site.common import sql
from billing_site.common.errors import BillingError
from catalogue.domain.periods import local_midnight
from catalogue.models import Account, Product
from metering.models import Order
from metering.services.waking import wake_rating

ORDERED_KINDS = (Product.Kind.RECURRING, Product.Kind.ONE_TIME)


class CannotOrder(BillingError):
    """An order that billing could not charge; `field` is the one to correct."""

    code = "cannot_order"

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class OrderDiffers(CannotOrder):
    """Another order of the account has this code."""

    code = "order_differs"
    is_conflict = True


class CannotCancelOrder(CannotOrder):
    """An end that an order cannot have."""

    code = "cannot_cancel_order"


@transaction.atomic
def place_order(
    *,
    account: Account,
    code: str,
    product: Product,
    quantity: Decimal = Decimal(1),
    started_on: date,
    ended_on: date | None = None,
    charged_from: date | None = None,
    unit_price: Decimal | None = None,
    now: datetime,
) -> Order:
    """Place an order of an account; one with the same code that says the same is returned as it stands.

    started_on: [local day] the first one that counts. ended_on: [local day] the first one that does not; an
    end that was set since by cancel_order makes no difference. charged_from: [local day] days before it were
    billed elsewhere. unit_price: [account's currency] agreed, it beats every price. now: [instant] what is
    due by then is rated at once. Raises CannotOrder, OrderDiffers.
    """
    order = Order(
        account=account,
        code=code,
        product=product,
        quantity=quantity,
        started_on=started_on,
        ended_on=ended_on,
        charged_from=charged_from,
        unit_price=unit_price,
    )
    check_order(order)
    placed, is_new = Order.objects.get_or_create(
        account=account,
        code=code,
        defaults={
            "product": product,
            "quantity": quantity,
            "started_on": started_on,
            "ended_on": ended_on,
            "charged_from": charged_from,
            "unit_price": unit_price,
        },
    )
    if is_new:
        mark_stale({placed.pk: started_on}, now=now)
    else:
        check_same(placed, order)
    return placed


@transaction.atomic
def cancel_order(*, order: Order, ended_on: date, now: datetime) -> Order:
    """Set an order's end: the first local day that it does not run any more.

    The same end again changes nothing, another one moves it. What was charged for days from then on is given
    back. Raises CannotCancelOrder.
    """
    held = Order.objects.select_for_update(of=("self",)).select_related("product").get(pk=order.pk)
    if held.product.kind == Product.Kind.ONE_TIME:
        raise CannotCancelOrder(
            f"Order {held.code} is charged once, on its day: credit its invoice line instead.", "ended_on"
        )
    if ended_on < held.started_on:
        raise CannotCancelOrder(
            f"Order {held.code} cannot end on {ended_on}: it starts on {held.started_on}.", "ended_on"
        )
    if held.ended_on != ended_on:
        end_orders({held: ended_on}, now=now)
    return held


def end_orders(ends: Mapping[Order, date], *, now: datetime) -> None:
    """Set the ends of orders that the caller has locked and checked; part of the caller's transaction."""
    changed_from = {order.pk: min(ended_on, order.ended_on or ended_on) for order, ended_on in ends.items()}
    mark_stale(changed_from, now=now)
    for order, ended_on in ends.items():
        order.ended_on = ended_on
    Order.objects.bulk_update(ends, ["ended_on"])
    mark_stale(changed_from, now=now)


def mark_stale(changed_from: Mapping[int, date], *, now: datetime) -> None:
    """Have the months rated again in which cycles are due that reach beyond an order's day of change."""
    sql.run(
        "metering",
        "mark_stale_for_orders",
        {"orders": list(changed_from), "changed_from": list(changed_from.values()), "now": now},
    )
    transaction.on_commit(wake_rating)


def check_order(order: Order) -> None:
    """Refuse an order that could not be charged. Raises CannotOrder for the first thing that is wrong."""
    product = order.product
    if product.kind not in ORDERED_KINDS:
        raise CannotOrder(
            f"{product.sku} is charged by {product.get_kind_display()}: only recurring and one-time products "
            "are ordered.",
            "product",
        )
    try:
        order.full_clean(exclude={"account", "product"}, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise CannotOrder(f"{field}: {sentences[0]}", field) from error
    if order.quantity <= 0:
        raise CannotOrder("An order needs a quantity above 0.", "quantity")
    if order.unit_price is not None and order.unit_price < 0:
        raise CannotOrder("An agreed price cannot be below 0.", "unit_price")
    if order.ended_on is not None and order.ended_on < order.started_on:
        raise CannotOrder(
            f"Order {order.code} cannot end on {order.ended_on}: it starts on {order.started_on}.", "ended_on"
        )
    if order.charged_from is not None and order.charged_from < order.started_on:
        raise CannotOrder(
            f"Order {order.code} cannot be charged from {order.charged_from}: it starts on "
            f"{order.started_on}.",
            "charged_from",
        )
    starts_at = local_midnight(order.started_on, ZoneInfo(order.account.timezone))
    if product.ended_at is not None and product.ended_at <= starts_at:
        raise CannotOrder(f"{product.sku} is not sold any more since {product.ended_at:%Y-%m-%d}.", "product")


def check_same(standing: Order, order: Order) -> None:
    """Refuse an order whose code stands for another one. Raises OrderDiffers naming the first difference."""
    for name in ("product_id", "quantity", "started_on", "charged_from", "unit_price"):
        if getattr(standing, name) != getattr(order, name):
            field = name.removesuffix("_id")
            raise OrderDiffers(
                f"{standing.account.code} has an order {standing.code} with {field} "
                f"{_shown(standing, field)}, not {_shown(order, field)}: use another code, or end it and "
                "order anew.",
                field,
            )
    if order.ended_on not in (None, standing.ended_on):
        raise OrderDiffers(
            f"{standing.account.code} has an order {standing.code} that ends on {standing.ended_on}: "
            "cancel it to move its end.",
            "ended_on",
        )


def _shown(order: Order, field: str) -> str:
    value = getattr(order, field)
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
