"""Rating of orders by the pure functions of catalogue/domain and metering/domain, one cycle at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from catalogue.domain.periods import Period, local_midnight
from catalogue.domain.price import price_quantity, true_up
from catalogue.domain.rounding import round_money, round_to
from metering.domain.order_cycles import DueCycle, OrderedTime, due_cycles, fee_of_cycle
from tests.metering.sql.reference_rows import Book, Customer, Entry, Rated

_LAST = date(2030, 1, 1)


@dataclass(frozen=True)
class Ordered:
    """An order: of whom, of what, how many, when, and at which price if that was agreed."""

    code: str
    customer: Customer
    sku: str
    quantity: Decimal
    unit_price: Decimal | None
    time: OrderedTime


@dataclass(frozen=True, order=True)
class CycleKey:
    """What a charge of orders is for; no order where a price sums over the account."""

    account: str
    month: date
    side: str
    kind: str
    sku: str
    order: str
    cycle_start: date
    price_id: int


@dataclass(frozen=True)
class _Due:
    order: Ordered
    due: DueCycle
    entry: Entry | None


def rate_orders(orders: Sequence[Ordered], prices: Sequence[Entry], as_of: datetime) -> dict[CycleKey, Rated]:
    """Return what is charged for cycles that are due by an instant, on both sides."""
    return dict(
        charge
        for side in ("sell", "cost")
        for key, dues in _charges(orders, prices, as_of, side)
        for charge in _rated(key, dues, side)
    )


def _charges(
    orders: Sequence[Ordered], prices: Sequence[Entry], as_of: datetime, side: str
) -> Iterator[tuple[CycleKey, list[_Due]]]:
    charges: dict[CycleKey, list[_Due]] = {}
    for order in orders:
        book = _book(order.customer, side)
        zone = order.customer.zone
        for due in due_cycles(order.time, _LAST):
            if book is None or local_midnight(due.due_on, zone) > as_of:
                continue
            agreed = side == "sell" and order.unit_price is not None
            instant = local_midnight(due.part.starts_on, zone)
            entry = None if agreed else _entry(prices, book, order, side, instant)
            if entry is None and not agreed:
                continue
            pooled = entry is not None and entry.terms.scope == "account"
            key = CycleKey(
                *(order.customer.code, due.month, side, "charge", order.sku),
                *("" if pooled else order.code, due.cycle.starts_on, entry.id if entry else 0),
            )
            charges.setdefault(key, []).append(_Due(order, due, entry))
    yield from charges.items()


def _rated(key: CycleKey, dues: Sequence[_Due], side: str) -> Iterator[tuple[CycleKey, Rated]]:
    order, entry = dues[0].order, dues[0].entry
    book = _book(order.customer, side)
    assert book is not None
    quantity = sum((one.order.quantity for one in dues), Decimal(0))
    if entry is None:
        assert order.unit_price is not None
        unit_price: Decimal | None = order.unit_price
        amount = Fraction(order.unit_price) * Fraction(quantity) * dues[0].due.share
    else:
        unit_price = entry.terms.unit_price
        amount = fee_of_cycle(entry.terms, [(one.order.quantity, one.due.share) for one in dues])
    periods = [_period(one) for one in dues]
    start, end = min(p.start for p in periods), max(p.end for p in periods)
    net_amount = round_money(amount, book.minor_units)
    yield key, Rated(start, end, round_to(quantity, 12), unit_price, round_to(amount, 12), net_amount)
    if entry is not None and entry.terms.minimum is not None:
        # The minimum is never prorated: what is missing is seen from the rounded amount.
        priced = price_quantity(entry.terms, Fraction(quantity))
        missing = max(entry.terms.minimum - net_amount, Decimal(0))
        if missing := round_money(missing, book.minor_units):
            assert amount < priced.amount or missing == true_up(entry.terms, priced, book.minor_units)
            true_up_key = CycleKey(**{**vars(key), "kind": "true_up"})
            yield true_up_key, Rated(start, end, Decimal(0), None, missing, missing)


def _period(one: _Due) -> Period:
    return one.due.part.period(one.order.customer.zone)


def _book(customer: Customer, side: str) -> Book | None:
    return customer.sell if side == "sell" else customer.cost


def _entry(prices: Sequence[Entry], book: Book, order: Ordered, side: str, instant: datetime) -> Entry | None:
    agreeing = (None, order.customer.code) if side == "sell" else (None,)
    valid = [
        entry
        for entry in prices
        if (entry.company, entry.sku) == (book.company, order.sku)
        and entry.account in agreeing
        and entry.covers(instant)
    ]
    return max(valid, key=lambda e: (e.account is not None, e.valid_from, e.id), default=None)
