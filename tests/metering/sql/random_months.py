"""Random worlds to rate: books, customers in four zones, what happened when clocks change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

from catalogue.domain.periods import local_midnight
from catalogue.domain.units import ProductUnit
from metering.domain.billable_time import TimeRounding
from metering.domain.incoming_events import USAGE, VOID, IncomingEvent, Item
from tests.factories.price_terms import random_terms
from tests.metering.sql.reference_rows import Book, Customer, Entry, Sold

HEAD = Book("head", "USD", 2)
_OFFICES = (Book("berlin", "EUR", 2), Book("tokyo", "JPY", 0), Book("kuwait", "KWD", 3))
_ZONES = ("Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/New_York")
# Two months each in which clocks are changed, by an hour or half of one.
_SEASONS = (
    (("2026-03", "2026-04"), ("2026-03-08T07", "2026-03-29T01", "2026-04-04T15", "2026-04-05T15")),
    (("2026-10", "2026-11"), ("2026-10-03T15:30", "2026-10-25T01", "2026-11-01T06")),
)
_ROUNDINGS: tuple[TimeRounding, ...] = ("exact", "exact", "started_minute", "started_hour", "clock_hour")
_STATES = (("active",), ("active",), ("active", "suspended"), ("suspended", "stopped"), ("stopped",))
_NEAR = (
    *(timedelta(), timedelta(microseconds=1), timedelta(minutes=30), timedelta(hours=1)),
    *(timedelta(seconds=3599.5), timedelta(hours=24), timedelta(minutes=61)),
)


@dataclass(frozen=True)
class World:
    """All that rating depends on. Prices have no ids yet: they are entered in this order."""

    months: tuple[str, ...]
    as_of: datetime
    customers: Sequence[Customer]
    catalogue: dict[str, Sold]
    prices: Sequence[Entry]
    events: Sequence[IncomingEvent]


class RandomWorld:
    """Draws a world. Sizes are such that a charge has a few stretches or records, and there are thousands."""

    TIMED, METERED, RESOURCES, RECORDS = 30, 30, 250, 1500

    def __init__(self, random: Random) -> None:
        self.random = random
        self.months, changes = random.choice(_SEASONS)
        last = date.fromisoformat(f"{self.months[1]}-01")
        bounds = [
            local_midnight(day, ZoneInfo(zone))
            for zone in _ZONES
            for day in (date.fromisoformat(f"{self.months[0]}-01"), last, last + timedelta(days=30))
        ]
        self.middle = max(bounds) - timedelta(days=20)
        self.first, self.end = min(bounds) - timedelta(days=2), max(bounds) + timedelta(days=3)
        self.anchors = [*bounds, *(datetime.fromisoformat(change + "+00:00") for change in changes)]

    def draw(self) -> World:
        customers = [
            Customer(
                f"{book.company}-{zone.split('/')[1]}", ZoneInfo(zone), book, HEAD if book != HEAD else None
            )
            for book in (HEAD, *_OFFICES)
            for zone in _ZONES
        ]
        catalogue = {sold.sku: sold for sold in (*self._timed(), *self._metered())}
        events = [
            event for number in range(self.RESOURCES) for event in self._life(number, customers, catalogue)
        ]
        events += self._records(customers, catalogue)
        as_of = self.random.choice((self.end, max(self.instant(), self.middle)))
        return World(self.months, as_of, customers, catalogue, self._prices(customers, catalogue), events)

    def instant(self) -> datetime:
        """An instant near a change of a clock, near a month's bound, or anywhere."""
        if self.random.random() < 0.3:
            span = (self.end - self.first) // timedelta(microseconds=1)
            return self.first + timedelta(microseconds=self.random.randrange(span))
        near = self.random.choice((*_NEAR, timedelta(seconds=self.random.randint(0, 20_000))))
        return self.random.choice(self.anchors) + self.random.choice((1, -1)) * near

    def _timed(self) -> list[Sold]:
        return [
            Sold(
                f"T{number}",
                ProductUnit("hour", {}),
                billed_states=frozenset(self.random.choice(_STATES)),
                rounding=self.random.choice(_ROUNDINGS),
            )
            for number in range(self.TIMED)
        ]

    def _metered(self) -> list[Sold]:
        return [
            Sold(
                f"U{number}",
                ProductUnit("GB", {"MB": Fraction(1, 1000), "third": Fraction(1, 3), "TB": Fraction(1000)}),
                aggregation=self.random.choice(("sum", "sum", "max", "last", "unique")),
            )
            for number in range(self.METERED)
        ]

    def _prices(self, customers: Sequence[Customer], catalogue: dict[str, Sold]) -> list[Entry]:
        return [
            self._price(book.company, sku, account)
            for book in (HEAD, *_OFFICES)
            for sku in catalogue
            for account in self._priced_for([c.code for c in customers if c.sell == book])
        ]

    def _priced_for(self, accounts: Sequence[str]) -> list[str | None]:
        """Most products have one price in a book, some none or more, and some are agreed with an account."""
        return [
            *([None] * self.random.choice((0, 1, 1, 1, 2, 3))),
            *self.random.choices(accounts, k=self.random.choice((0, 0, 0, 1, 2))),
        ]

    def _price(self, company: str, sku: str, account: str | None) -> Entry:
        # Two entries from one instant on would supersede each other: some microseconds keep them apart.
        jitter = timedelta(microseconds=self.random.randrange(1, 10**9))
        valid_from = self.random.choice((self.first - timedelta(days=9), self.instant())) - jitter
        valid_to = self.random.choice((None, None, self.instant()))
        if valid_to is not None and valid_to <= valid_from:
            valid_to = None
        return Entry(0, company, sku, account, valid_from, valid_to, random_terms(self.random))

    def _life(
        self, number: int, customers: Sequence[Customer], catalogue: dict[str, Sold]
    ) -> list[IncomingEvent]:
        skus = self.random.sample([sku for sku, sold in catalogue.items() if not sold.aggregation], k=2)
        times = sorted({self.instant() for _ in range(self.random.randint(1, 6))})
        types = ["created", *self.random.choices(("suspended", "stopped", "resized", "transferred"), k=6)]
        types = [
            *types[: len(times) - 1],
            self.random.choice(("decommissioned", "started")) if len(times) > 1 else "created",
        ]
        undo = {"suspended": "resumed", "stopped": "started"}
        for turn in range(2, len(types) - 1):
            if types[turn - 1] in undo:
                types[turn] = undo[types[turn - 1]]
        return [
            IncomingEvent(
                source="orders",
                id=f"e{number}-{turn}",
                type=type,
                subject=f"vm-{number}",
                time=time,
                payload="{}",
                account=self.random.choice(customers).code if type in ("created", "transferred") else "",
                items=self._items(skus) if type in ("created", "resized") else None,
            )
            for turn, (type, time) in enumerate(zip(types, times, strict=True))
        ]

    def _items(self, skus: Sequence[str]) -> tuple[Item, ...]:
        quantities = ("1", "2", "0.333333333333", "16", "0")
        return tuple(Item(sku, Decimal(self.random.choice(quantities))) for sku in skus)

    def _records(self, customers: Sequence[Customer], catalogue: dict[str, Sold]) -> list[IncomingEvent]:
        metered = [sold for sold in catalogue.values() if sold.aggregation]
        records = [self._record(number, customers, metered) for number in range(self.RECORDS)]
        voided = self.random.sample(records, k=self.RECORDS // 50)
        return records + [
            IncomingEvent("meters", f"v{number}", VOID, record.subject, self.instant(), "{}", voids=record.id)
            for number, record in enumerate(voided)
        ]

    def _record(self, number: int, customers: Sequence[Customer], metered: Sequence[Sold]) -> IncomingEvent:
        sold = self.random.choice(metered)
        subject = f"vm-{self.random.randrange(self.RESOURCES)}" if self.random.random() < 0.7 else ""
        time = self.instant()
        until = None
        if sold.aggregation == "sum" and self.random.random() < 0.3:
            until = max(self.instant(), time + timedelta(seconds=self.random.randint(1, 90_000)))
            until = min(until, time + timedelta(days=3))
        return IncomingEvent(
            source="meters",
            id=f"u{number}",
            type=USAGE,
            subject=subject,
            time=time,
            payload="{}",
            account="" if subject else self.random.choice(customers).code,
            sku=sold.sku,
            quantity=Decimal(self.random.choice(("1", "2", "1.5", "0", "7.000000000001", "743", "99"))),
            unit=self.random.choice(("", "GB", "MB", "third", "TB")),
            until=until,
        )
