"""Bring the orders of an existing customer base in: a CSV file with a line an order, all or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from billing_site.common.errors import BillingError
from billing_site.common.tables import MOST_FINDINGS, WrongLine, open_table
from catalogue.models import Account, Product
from metering.models import Order
from metering.services.ordering import (
    CannotOrder,
    OrderChange,
    check_end,
    check_order,
    check_same,
    end_orders,
    mark_stale,
    placed_change,
)

REQUIRED = ("account", "code", "sku", "started_on")
COLUMNS = (*REQUIRED, "quantity", "ended_on", "charged_from", "unit_price")
_AT_ONCE = 5000
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


class OrdersPlacedMeanwhile(BillingError):
    """Another transaction placed an order of the same account and code."""

    code = "orders_placed_meanwhile"
    is_conflict = True


@dataclass(slots=True)
class StoredOrders:
    """How many orders were placed, got another end, or stood already as sent."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: Mapping[str, str]

    @property
    def key(self) -> tuple[str, str]:
        return self.cells["account"], self.cells["code"]


@transaction.atomic
def import_orders(
    *, file: BinaryIO, accounts: QuerySet[Account], now: datetime, dry_run: bool = False
) -> StoredOrders:
    """Place the orders of a file, and move the ends of those that stand; a second time it changes nothing.

    A column for each of COLUMNS, those of REQUIRED must be there; an empty cell is the default, or leaves the
    end that stands. An order is known by its account and code; of one that stands only the end may differ.
    accounts: those that the caller reaches. now: [instant] what is due by then is rated at once. Six queries
    for each 5,000 lines. A dry run leaves nothing behind. Raises TableRefused with every line that is wrong
    (the first thousand), OrdersPlacedMeanwhile.
    """
    stored = StoredOrders()
    with open_table(file) as table:
        table.check_heading(required=REQUIRED, known=COLUMNS)
        _store_lines(
            (_Line(*line) for line in table.lines(may_be_none=True)), accounts, stored, table.findings, now
        )
    if dry_run:
        transaction.set_rollback(True)
    return stored


def _store_lines(
    lines: Iterator[_Line],
    accounts: QuerySet[Account],
    stored: StoredOrders,
    findings: list[WrongLine],
    now: datetime,
) -> None:
    seen: dict[tuple[str, str], int] = {}
    changes: list[OrderChange] = []
    while len(findings) < MOST_FINDINGS and (chunk := list(islice(lines, _AT_ONCE))):
        batch = _Batch(chunk, accounts)
        findings += batch.read(seen)
        if not findings:
            changes += batch.store(stored)
    # All at once, so that months are locked in one order whatever that of the lines.
    mark_stale(changes, now=now)


class _Batch:
    """Some thousand lines beside the orders that stand, which are locked."""

    def __init__(self, lines: Sequence[_Line], accounts: QuerySet[Account]) -> None:
        self.lines = lines
        codes, skus = {line.cells["account"] for line in lines}, {line.cells["sku"] for line in lines}
        self.accounts = {account.code: account for account in accounts.filter(code__in=codes)}
        self.products = {product.sku: product for product in Product.objects.filter(sku__in=skus)}
        standing = (
            Order.objects.filter(
                account__in=self.accounts.values(), code__in={line.cells["code"] for line in lines}
            )
            .select_related("account", "product")
            .order_by("pk")
            .select_for_update(of=("self",), no_key=True)
        )
        self.standing = {(order.account.code, order.code): order for order in standing}
        self.new: list[Order] = []
        self.ends: dict[Order, date] = {}

    def read(self, seen: dict[tuple[str, str], int]) -> Iterable[WrongLine]:
        """Make orders of the lines, in memory, and yield what is wrong with them."""
        for line in self.lines:
            first = seen.setdefault(line.key, line.number)
            try:
                if first != line.number:
                    raise CannotOrder(f"This order stands on line {first} already: keep one.", "code")
                self._take(self._order(line))
            except CannotOrder as refusal:
                column = {"product": "sku"}.get(refusal.field, refusal.field)
                yield WrongLine(line.number, column, refusal.sentence)

    def _order(self, line: _Line) -> Order:
        cells = line.cells
        account, product = self.accounts.get(cells["account"]), self.products.get(cells["sku"])
        if account is None:
            raise CannotOrder(f"There is no account {cells['account']!r} that you reach.", "account")
        if product is None:
            raise CannotOrder(f"There is no product {cells['sku']!r}.", "product")
        started_on, quantity = _date(cells, "started_on"), _number(cells, "quantity")
        if started_on is None:
            raise CannotOrder("Say on which day the order starts: 2026-04-01.", "started_on")
        return Order(
            account=account,
            code=cells["code"],
            product=product,
            quantity=Decimal(1) if quantity is None else quantity,
            started_on=started_on,
            ended_on=_date(cells, "ended_on"),
            charged_from=_date(cells, "charged_from"),
            unit_price=_number(cells, "unit_price"),
        )

    def _take(self, order: Order) -> None:
        check_order(order)
        standing = self.standing.get((order.account.code, order.code))
        if standing is None:
            self.new.append(order)
            return
        ended_on, order.ended_on = order.ended_on, None
        check_same(standing, order)
        if ended_on is not None and ended_on != standing.ended_on:
            check_end(standing, ended_on)
            self.ends[standing] = ended_on

    def store(self, stored: StoredOrders) -> list[OrderChange]:
        """Write what is new and which ends moved, count, and return what that changes."""
        try:
            with transaction.atomic():
                Order.objects.bulk_create(self.new)
        except IntegrityError as error:
            raise OrdersPlacedMeanwhile(
                "One of these orders was placed by somebody else at the same moment: send them again."
            ) from error
        stored.new += len(self.new)
        stored.changed += len(self.ends)
        stored.unchanged += len(self.lines) - len(self.new) - len(self.ends)
        return [*map(placed_change, self.new), *end_orders(self.ends)]


def _date(cells: Mapping[str, str], column: str) -> date | None:
    cell = cells.get(column, "")
    if not cell:
        return None
    try:
        if not _DATE.fullmatch(cell):
            raise ValueError(cell)
        return date.fromisoformat(cell)
    except ValueError as error:
        raise CannotOrder(f"{cell!r} is no date: write it as 2026-04-01.", column) from error


def _number(cells: Mapping[str, str], column: str) -> Decimal | None:
    cell = cells.get(column, "")
    if not cell:
        return None
    if not _NUMBER.fullmatch(cell):
        raise CannotOrder(f"{cell!r} is no number: write it as 1234.50.", column)
    return Decimal(cell)
