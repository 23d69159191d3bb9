"""The statements that charge orders, and that find the months to charge again, against the pure functions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalogue.domain.periods import month_cycle
from catalogue.models import Account, Company, Price, PriceTier, Product
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from metering.domain.order_cycles import OrderedTime, Rhythm
from metering.models import Charge, Order
from metering.services.ordering import cancel_order, place_order
from metering.services.rating import rate_stale_periods
from tests.factories.months import close_month
from tests.factories.price_terms import price_row, random_terms, tier_rows
from tests.metering.sql.reference_orders import CycleKey, Ordered, rate_orders
from tests.metering.sql.reference_rows import Book, Customer, Entry, Rated

pytestmark = pytest.mark.django_db
HEAD = Book("head", "USD", 2)
OFFICES = (Book("berlin", "EUR", 2), Book("tokyo", "JPY", 0), Book("kuwait", "KWD", 3))
ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Auckland")
FIRST, LAST = date(2023, 12, 1), date(2026, 4, 1)
# The first days of months, the ends of February, and any day.
NEAR = (date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2025, 2, 28), date(2025, 12, 31))

# A world cannot be made smaller: what differs is printed charge by charge, with the seed.
SOME = settings(
    max_examples=3,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class RandomOrders:
    """Draws a world with a few products, many prices and many orders of them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.customers = [
            Customer(f"{book.company}-{zone}", ZoneInfo(zone), book, HEAD if book != HEAD else None)
            for book in (HEAD, *OFFICES)
            for zone in random.sample(ZONES, 2)
        ]
        self.products = {f"P{n}": self._time(date(2000, 1, 1), bare=True) for n in range(6)}
        self.prices = [self._price(book, sku) for book in (HEAD, *OFFICES) for sku in self._priced_skus()]
        self.orders = [self._order(number) for number in range(40)]

    def day(self, first: date = FIRST) -> date:
        anywhere = first + timedelta(days=self.random.randrange((LAST - first).days))
        near = [day for day in (*NEAR, anywhere.replace(day=1)) if day >= first]
        return self.random.choice([anywhere, anywhere, *near])

    def _priced_skus(self) -> list[str]:
        return self.random.choices(list(self.products), k=12)

    def _time(self, starts_on: date, *, bare: bool = False, like: OrderedTime | None = None) -> OrderedTime:
        if bare:
            return OrderedTime(
                starts_on,
                rhythm=self.random.choice(get_args(Rhythm)),
                in_advance=self.random.random() < 0.5,
                is_prorated=self.random.random() < 0.7,
            )
        assert like is not None
        return replace(
            like,
            starts_on=starts_on,
            ends_on=self.random.choice([None, None, starts_on, self.day(starts_on)]),
            charged_from=self.random.choice([None, None, None, starts_on, self.day(starts_on)]),
        )

    def _price(self, book: Book, sku: str) -> Entry:
        accounts = [customer.code for customer in self.customers if customer.sell == book]
        valid_from = datetime.combine(self.day(), datetime.min.time(), tzinfo=UTC) - timedelta(
            hours=self.random.choice((0, 1, 2, 13)), microseconds=self.random.randrange(10**6)
        )
        valid_from = self.random.choice([datetime(2020, 1, 1, tzinfo=UTC), valid_from])
        # Two entries from one instant on would supersede each other: some microseconds keep them apart.
        valid_from += timedelta(microseconds=self.random.randrange(10**9))
        return Entry(
            *(0, book.company, sku, self.random.choice([None, None, None, *accounts]), valid_from),
            self.random.choice([None, None, valid_from + timedelta(days=200)]),
            random_terms(self.random),
        )

    def _order(self, number: int) -> Ordered:
        sku = self.random.choice(list(self.products))
        return Ordered(
            f"o{number}",
            self.random.choice(self.customers),
            sku,
            Decimal(self.random.choice(("1", "1", "2", "3", "10.5", "0.000000000007", "743"))),
            self.random.choice([None, None, Decimal("99.99"), Decimal("0.005"), Decimal(0)]),
            self._time(self.day(), like=self.products[sku]),
        )


@SOME
@given(seed=st.integers(0, 2**32))
def test_the_statements_charge_orders_as_the_functions_do(db, seed):
    random = Random(seed)
    world = RandomOrders(random)
    with transaction.atomic():
        prices = enter(world)
        as_of = datetime.combine(world.day(date(2024, 6, 1)), datetime.min.time(), tzinfo=UTC)
        for order in world.orders:
            place(order, now=as_of)
        rate_stale_periods(as_of=as_of)
        assert_equal(charged(), rate_orders(world.orders, prices, as_of), seed)

        changed = [cancelled(world, order) for order in world.orders]
        for order in changed:
            cancel(order, now=as_of)
        rate_stale_periods(as_of=as_of)
        assert_equal(charged(), rate_orders(changed, prices, as_of), seed)
        transaction.set_rollback(True)


@settings(SOME, max_examples=2)
@given(seed=st.integers(0, 2**32))
def test_what_was_billed_and_its_corrections_add_up_to_what_is_due(db, seed):
    random = Random(seed)
    world = RandomOrders(random)
    late = {order.code for order in world.orders if random.random() < 0.3}
    with transaction.atomic():
        prices = enter(world)
        as_of = datetime(2025, 6, 20, tzinfo=UTC)
        for order in world.orders:
            if order.code not in late:
                place(order, now=FIRST_RUN)
        close_months(as_of)
        for order in world.orders:
            if order.code in late:
                place(order, now=as_of)
        changed = [cancelled(world, order) if random.random() < 0.5 else order for order in world.orders]
        for order in changed:
            cancel(order, now=as_of)
        rate_stale_periods(as_of=as_of)
        assert_equal(
            net_by_cycle(charged(all_months=True)), net_by_cycle(rate_orders(changed, prices, as_of)), seed
        )
        transaction.set_rollback(True)


FIRST_RUN = datetime(2023, 11, 1, tzinfo=UTC)


def close_months(until: datetime) -> None:
    """Close all months from November 2023 on that ended, each rated by itself."""
    month = FIRST_RUN.date()
    while (following := month_cycle(month).ends_on) <= until.date():
        cutoff = datetime.combine(following, datetime.min.time(), tzinfo=UTC) + timedelta(days=2)
        for company in Company.objects.order_by("code"):
            close_month(company=company, month=month, cutoff=cutoff)
        month = following


def cancelled(world: RandomOrders, order: Ordered) -> Ordered:
    """The same order with another end, or none where it is charged once."""
    if order.time.rhythm == "once" or world.random.random() < 0.4:
        return order
    ends_on = world.random.choice([order.time.starts_on, world.day(order.time.starts_on)])
    return replace(order, time=replace(order.time, ends_on=ends_on))


def enter(world: RandomOrders) -> list[Entry]:
    """Enter companies, accounts, products and prices; return the prices with their ids."""
    companies: dict[str, Company] = {}
    for book in (HEAD, *OFFICES):
        companies[book.company] = open_company(
            code=book.company,
            name=book.company,
            country="DE",
            currency=book.currency,
            timezone="UTC",
            parent=companies.get(HEAD.company),
        )
    for customer in world.customers:
        company = companies[customer.sell.company]
        open_account(code=customer.code, company=company, timezone=customer.zone.key)
    products = {sku: _product(sku, time) for sku, time in world.products.items()}
    accounts = {account.code: account for account in Account.objects.all()}
    rows = [
        price_row(
            entry.terms,
            company=companies[entry.company],
            product=products[entry.sku],
            currency=companies[entry.company].currency,
            account=accounts[entry.account] if entry.account else None,
            valid_from=entry.valid_from,
            valid_to=entry.valid_to,
        )
        for entry in world.prices
    ]
    Price.objects.bulk_create(rows)
    entered = list(zip(rows, world.prices, strict=True))
    PriceTier.objects.bulk_create(tier for row, entry in entered for tier in tier_rows(row, entry.terms))
    return [replace(entry, id=row.pk) for row, entry in entered]


def _product(sku: str, time: OrderedTime) -> Product:
    return Product.objects.create(
        sku=sku,
        unit="each",
        kind="one_time" if time.rhythm == "once" else "recurring",
        cycle="" if time.rhythm == "once" else time.rhythm,
        in_advance=time.in_advance,
        proration="day" if time.is_prorated else "none",
    )


def place(order: Ordered, *, now: datetime) -> None:
    place_order(
        account=Account.objects.get(code=order.customer.code),
        code=order.code,
        product=Product.objects.get(sku=order.sku),
        quantity=order.quantity,
        started_on=order.time.starts_on,
        ended_on=order.time.ends_on,
        charged_from=order.time.charged_from,
        unit_price=order.unit_price,
        now=now,
    )


def cancel(order: Ordered, *, now: datetime) -> None:
    if order.time.ends_on is not None and order.time.rhythm != "once":
        cancel_order(order=Order.objects.get(code=order.code), ended_on=order.time.ends_on, now=now)


def charged(*, all_months: bool = False) -> dict[CycleKey, Rated]:
    """The charges of orders by the month that they are used in, or (all_months) by their own."""
    accounts = dict(Account.objects.values_list("pk", "code"))
    skus = dict(Product.objects.values_list("pk", "sku"))
    orders = dict(Order.objects.values_list("pk", "code"))
    found = {}
    for charge in Charge.objects.all():
        assert charge.cycle_start is not None
        key = CycleKey(
            account=accounts[charge.account_id],
            month=charge.month if all_months else charge.service_month,
            side=charge.side,
            kind=charge.kind if not all_months else f"{charge.kind} {charge.service_month}",
            sku=skus[charge.product_id],
            order=orders[charge.order_id] if charge.order_id else "",
            cycle_start=charge.cycle_start,
            price_id=charge.price_id or 0,
        )
        assert key not in found
        found[key] = Rated(
            *(charge.service_start, charge.service_end, charge.quantity, charge.unit_price),
            *(charge.amount, charge.net_amount),
        )
    return found


def net_by_cycle(charges: dict[CycleKey, Rated]) -> dict[tuple[object, ...], tuple[Decimal, Decimal]]:
    """Quantity and net amount of each account, side, cycle and price, whatever the months; none that is 0."""
    sums: dict[tuple[object, ...], tuple[Decimal, Decimal]] = {}
    for key, rated in charges.items():
        kind = key.kind.split()[0]
        of = (key.account, key.side, kind, key.sku, key.order, key.cycle_start, key.price_id)
        quantity, net_amount = sums.get(of, (Decimal(0), Decimal(0)))
        sums[of] = (quantity + rated.quantity, net_amount + rated.net_amount)
    return {of: values for of, values in sums.items() if any(values)}


def assert_equal(actual: dict, expected: dict, seed: int) -> None:
    different: Sequence[str] = [
        f"{key}\n  statements {actual.get(key)}\n  functions  {expected.get(key)}"
        for key in sorted(actual.keys() | expected.keys())
        if actual.get(key) != expected.get(key)
    ]
    assert expected
    assert not different, f"seed {seed}: {len(different)} of {len(expected)} differ:\n" + "\n".join(
        different[:5]
    )
