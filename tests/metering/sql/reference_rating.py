"""Rating by the pure functions of catalogue/domain and metering/domain, one charge at a time.

Slow, and near to the words of the rules: what the statements under metering/sql must agree with.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from catalogue.domain.periods import Period, billing_period
from catalogue.domain.price import price_quantity, true_up
from catalogue.domain.rounding import round_money, round_to
from metering.domain.incoming_events import USAGE, VOID, IncomingEvent
from metering.domain.lifecycle import Interval, live
from tests.metering.sql.reference_rows import Book, ChargeKey, Customer, Entry, Rated, Received, Sold, Used

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def rate(
    events: Sequence[Received],
    *,
    customers: Sequence[Customer],
    catalogue: dict[str, Sold],
    prices: Sequence[Entry],
    months: Sequence[str],
    as_of: datetime,
) -> dict[ChargeKey, Rated]:
    """Return what is charged for months as of an instant, from these events, by account, side and charge."""
    rater = _Rater(events, catalogue, prices)
    return {
        key: rated
        for customer in customers
        for month in months
        for side, book in (("sell", customer.sell), ("cost", customer.cost))
        if book is not None
        for key, rated in rater.charges(customer, month, side, book, as_of)
    }


class _Rater:
    def __init__(
        self, events: Sequence[Received], catalogue: dict[str, Sold], prices: Sequence[Entry]
    ) -> None:
        self.catalogue = catalogue
        self.prices: dict[tuple[str, str], list[Entry]] = {}
        for entry in prices:
            self.prices.setdefault((entry.company, entry.sku), []).append(entry)
        by_resource: dict[str, list[IncomingEvent]] = {}
        for received in events:
            if received.event.is_lifecycle:
                by_resource.setdefault(received.event.subject, []).append(received.event)
        self.lives = {resource: live(happened).intervals for resource, happened in by_resource.items()}
        records = [received for received in events if not received.event.is_lifecycle]
        void = {(r.event.source, r.event.voids) for r in records if r.event.type == VOID}
        standing = [r for r in records if r.event.type == USAGE and r.event.identity not in void]
        self.records = _billed_records([r for r in standing if self._account_of(r.event)])

    def charges(
        self, customer: Customer, month: str, side: str, book: Book, as_of: datetime
    ) -> Iterator[tuple[ChargeKey, Rated]]:
        whole = billing_period(month, customer.zone)
        if whole.start >= as_of:
            return
        period = Period(whole.start, min(whole.end, as_of))
        used: dict[tuple[str, str, Decimal, int], Used] = {}
        self._use_time(customer, side, book, period, used)
        self._use_records(customer, side, book, period, used)
        for (sku, resource, item_quantity, price_id), part in used.items():
            quantity = part.quantity(customer.zone)
            if not quantity:
                continue
            terms = part.entry.terms
            priced = price_quantity(terms, quantity, records=len({record.uid for record, _ in part.records}))
            key = ChargeKey(customer.code, month, side, "charge", sku, resource, item_quantity, price_id)
            start, end = part.service_period(whole)
            yield (
                key,
                Rated(
                    *(start, end, round_to(quantity, 12), terms.unit_price),
                    *(round_to(priced.amount, 12), round_money(priced.amount, book.minor_units)),
                ),
            )
            if missing := true_up(terms, priced, book.minor_units):
                key = ChargeKey(customer.code, month, side, "true_up", sku, resource, item_quantity, price_id)
                yield key, Rated(start, end, Decimal(0), None, missing, missing)

    def _use_time(self, customer, side, book, period, used) -> None:
        for resource, intervals in self.lives.items():
            for interval in intervals:
                stretch = _stretch(interval, period)
                if stretch is None or interval.standing.account != customer.code:
                    continue
                for item in interval.standing.items:
                    sold = self.catalogue[item.sku]
                    if sold.aggregation or interval.standing.state not in sold.billed_states:
                        continue
                    for piece, entry in self._priced(customer, side, book, item.sku, stretch):
                        pooled = entry.terms.scope == "account"
                        key = (
                            *(item.sku, "" if pooled else resource),
                            *(Decimal(0) if pooled else item.quantity, entry.id),
                        )
                        part = used.setdefault(key, Used(entry, sold))
                        part.stretches.setdefault((resource, item.quantity), []).append(piece)

    def _use_records(self, customer, side, book, period, used) -> None:
        for received in self.records:
            event = received.event
            sold = self.catalogue[event.sku]
            if self._account_of(event) != customer.code or not event.time < period.end:
                continue
            assert event.quantity is not None
            quantity = sold.unit.from_unit(event.quantity, event.unit or sold.unit.unit)
            if event.until is None:
                entry = self._entry(customer, side, book, event.sku, event.time)
                shares = [(entry, Fraction(1))] if event.time >= period.start and entry else []
            else:
                covered = Period(event.time, event.until)
                inside = covered.overlap(period)
                pieces = self._priced(customer, side, book, event.sku, inside) if inside else ()
                shares = [
                    (entry, Fraction(piece.microseconds, covered.microseconds)) for piece, entry in pieces
                ]
            for entry, share in shares:
                resource = "" if entry.terms.scope == "account" else event.subject
                part = used.setdefault((event.sku, resource, Decimal(0), entry.id), Used(entry, sold))
                part.records.append((received, quantity * share))

    def _account_of(self, event: IncomingEvent) -> str:
        if not event.subject:
            return event.account
        for interval in self.lives.get(event.subject, ()):
            if interval.start <= event.time and (interval.end is None or event.time < interval.end):
                return interval.standing.account
        return ""

    def _entry(self, customer, side, book, sku, instant) -> Entry | None:
        agreeing = (None, customer.code) if side == "sell" else (None,)
        valid = [
            entry
            for entry in self.prices.get((book.company, sku), ())
            if entry.account in agreeing and entry.covers(instant)
        ]
        return max(valid, key=lambda e: (e.account is not None, e.valid_from, e.id), default=None)

    def _priced(self, customer, side, book, sku, stretch: Period) -> Iterator[tuple[Period, Entry]]:
        """Cut a stretch where another price begins to count; what has no price is left out."""
        bounds = {stretch.start, stretch.end}
        for entry in self.prices.get((book.company, sku), ()):
            bounds.update(
                bound for bound in (entry.valid_from, entry.valid_to) if bound and stretch.contains(bound)
            )
        cuts = sorted(bounds)
        for start, end in pairwise(cuts):
            if chosen := self._entry(customer, side, book, sku, start):
                yield Period(start, end), chosen


def _stretch(interval: Interval, period: Period) -> Period | None:
    return Period(interval.start, interval.end or _NEVER).overlap(period)


def _billed_records(standing: Sequence[Received]) -> list[Received]:
    """Return the usage records that do not cover time that one received earlier covers."""
    series: dict[tuple[str, str, str], list[Received]] = {}
    for record in standing:
        if record.event.until is not None:
            series.setdefault((record.event.subject, record.event.account, record.event.sku), []).append(
                record
            )
    return [
        record
        for record in standing
        if record.event.until is None
        or not any(
            _overlap(record.event, other.event) and other.turn < record.turn
            for other in series[record.event.subject, record.event.account, record.event.sku]
        )
    ]


def _overlap(one: IncomingEvent, other: IncomingEvent) -> bool:
    assert one.until is not None
    assert other.until is not None
    return one.time < other.until and other.time < one.until
