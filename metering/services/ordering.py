"""Place and cancel orders; rating does the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)
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


@dataclass(frozen=True, slots=True)
class OrderChange:
    """From which day on the cycles of an order changed, and an end that it had before or has now."""

    order_id: int
    changed_from: date
    ended_on: date | None


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
    content = {
        "product": product,
        "quantity": quantity,
        "started_on": started_on,
        "ended_on": ended_on,
        "charged_from": charged_from,
        "unit_price": unit_price,
    }
    order = Order(account=account, code=code, **content)
    check_order(order)
    placed, is_new = Order.objects.get_or_create(account=account, code=code, defaults=content)
    if is_new:
        mark_stale([placed_change(placed)], now=now)
    else:
        check_same(placed, order)
    return placed


@transaction.atomic
def cancel_order(*, order: Order, ended_on: date, now: datetime) -> Order:
    """Set an order's end: the first local day that it does not run any more.

    The same end again changes nothing, another one moves it. What was charged for days from then on is given
    back. Raises CannotCancelOrder.
    """
    standing = Order.objects.select_for_update(of=("self",), no_key=True).select_related("product")
    held = standing.get(pk=order.pk)
    check_end(held, ended_on)
    if held.ended_on != ended_on:
        mark_stale(end_orders({held: ended_on}), now=now)
    return held


def check_end(order: Order, ended_on: date) -> None:
    """Refuse an end that an order cannot have. Raises CannotCancelOrder."""
    if order.product.kind == Product.Kind.ONE_TIME:
        raise CannotCancelOrder(
            f"Order {order.code} is charged once, on its day: credit its invoice line instead.", "ended_on"
        )
    if not order.started_on <= ended_on <= LAST_DAY:
        raise CannotCancelOrder(
            f"Order {order.code} starts on {order.started_on}: it cannot end on {ended_on}.", "ended_on"
        )


def end_orders(ends: Mapping[Order, date]) -> list[OrderChange]:
    """Set the ends of orders that the caller has locked and checked, and return what that changes."""
    changes = []
    for order, ended_on in ends.items():
        changed_from = min(ended_on, order.ended_on or ended_on)
        changes += [OrderChange(order.pk, changed_from, end) for end in (order.ended_on, ended_on)]
        order.ended_on = ended_on
    Order.objects.bulk_update(ends, ["ended_on"])
    return changes


def placed_change(order: Order) -> OrderChange:
    """Return what a new order changes."""
    return OrderChange(order.pk, order.started_on, order.ended_on)


def mark_stale(changes: Sequence[OrderChange], *, now: datetime) -> None:
    """Have the months rated again that orders change; part of the transaction that changes them."""
    sql.run(
        "metering",
        "mark_stale_for_orders",
        {
            "orders": [change.order_id for change in changes],
            "changed_from": [change.changed_from for change in changes],
            "ended_on": [change.ended_on for change in changes],
            "now": now,
        },
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
        raise CannotOrder(sentences[0].replace("This field", f"The {field}"), field) from error
    if order.quantity <= 0:
        raise CannotOrder("An order needs a quantity above 0.", "quantity")
    if order.unit_price is not None and order.unit_price < 0:
        raise CannotOrder("An agreed price cannot be below 0.", "unit_price")
    for name in ("started_on", "ended_on", "charged_from"):
        day = getattr(order, name)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise CannotOrder(f"{day} is not a day between {FIRST_DAY} and {LAST_DAY}.", name)
        if day is not None and day < order.started_on:
            raise CannotOrder(
                f"Order {order.code} starts on {order.started_on}: {name} cannot be {day}.", name
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
