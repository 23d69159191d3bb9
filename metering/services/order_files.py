"""Bring the orders of an existing customer base in: a CSV file with a line an order, all or nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import BinaryIO, cast

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from billing_site.common.errors import BillingError
from catalogue.models import Account, Product
from catalogue.services.price_import_files import PriceTable, UnreadableFile, open_price_table
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
MOST_FINDINGS = 1000
_AT_ONCE = 5000
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class OrderFinding:
    """What is wrong with a cell of a line, or with all of it (no column)."""

    line: int
    column: str
    sentence: str

    @property
    def where(self) -> str:
        place = f"line {self.line}" if self.line else "the file"
        return f"{place}, {self.column}" if self.column else place

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"


class OrdersRefused(BillingError):
    """A file with lines that billing could not use; nothing was stored."""

    code = "orders_refused"

    def __init__(self, findings: Sequence[OrderFinding]) -> None:
        more = f" There are {len(findings) - 1} more." if len(findings) > 1 else ""
        super().__init__(f"{findings[0]}{more}")
        self.findings = findings


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
    cells: dict[str, str]

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
    for each 5,000 lines. A dry run leaves nothing behind. Raises OrdersRefused with every line that is wrong
    (the first thousand), OrdersPlacedMeanwhile.
    """
    stored, findings = StoredOrders(), list[OrderFinding]()
    try:
        table = open_price_table(file)
        findings += _wrong_headings(table.heading)
        with closing(cast("Generator[tuple[int, list[str]]]", table.lines)):
            if not findings:
                _store_lines(_lines(table, findings), accounts, stored, findings, now)
    except UnreadableFile as error:
        findings.append(OrderFinding(error.line or 0, "", error.sentence))
    if findings:
        raise OrdersRefused(sorted(findings, key=lambda finding: finding.line)[:MOST_FINDINGS])
    if dry_run:
        transaction.set_rollback(True)
    return stored


def _wrong_headings(heading: Collection[str]) -> Iterator[OrderFinding]:
    for name in dict.fromkeys(heading):
        if name not in COLUMNS:
            yield OrderFinding(1, name, f"There is no such column; there are {', '.join(COLUMNS)}.")
        elif list(heading).count(name) > 1:
            yield OrderFinding(1, name, "This column stands twice: keep one.")
    for name in REQUIRED:
        if name not in heading:
            yield OrderFinding(1, name, "This column is missing.")


def _lines(table: PriceTable, findings: list[OrderFinding]) -> Iterator[_Line]:
    for number, cells in table.lines:
        if len(cells) != len(table.heading):
            text = f"The line has {len(cells)} cells and the heading {len(table.heading)}."
            findings.append(OrderFinding(number, "", text))
            continue
        line = _Line(number, {name: cell.strip() for name, cell in zip(table.heading, cells, strict=True)})
        foreign = [name for name, cell in line.cells.items() if not _is_text(cell)]
        if foreign:
            text = "This is not text in UTF-8: save the file as CSV (UTF-8)."
            findings.append(OrderFinding(number, foreign[0], text))
        else:
            yield line


def _is_text(cell: str) -> bool:
    """Whether a cell has neither bytes of another encoding (lone surrogates) nor NUL."""
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in cell)


def _store_lines(
    lines: Iterator[_Line],
    accounts: QuerySet[Account],
    stored: StoredOrders,
    findings: list[OrderFinding],
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

    def read(self, seen: dict[tuple[str, str], int]) -> Iterable[OrderFinding]:
        """Make orders of the lines, in memory, and yield what is wrong with them."""
        for line in self.lines:
            first = seen.setdefault(line.key, line.number)
            try:
                if first != line.number:
                    raise CannotOrder(f"This order stands on line {first} already: keep one.", "code")
                self._take(self._order(line))
            except CannotOrder as refusal:
                column = {"product": "sku"}.get(refusal.field, refusal.field)
                yield OrderFinding(line.number, column, refusal.sentence)

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


def _date(cells: dict[str, str], column: str) -> date | None:
    cell = cells.get(column, "")
    if not cell:
        return None
    try:
        if not _DATE.fullmatch(cell):
            raise ValueError(cell)
        return date.fromisoformat(cell)
    except ValueError as error:
        raise CannotOrder(f"{cell!r} is no date: write it as 2026-04-01.", column) from error


def _number(cells: dict[str, str], column: str) -> Decimal | None:
    cell = cells.get(column, "")
    if not cell:
        return None
    if not _NUMBER.fullmatch(cell):
        raise CannotOrder(f"{cell!r} is no number: write it as 1234.50.", column)
    return Decimal(cell)
