"""What the reference rating works on: what was received, who buys what at which price, what it charges."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

from catalogue.domain.periods import Period
from catalogue.domain.terms import PriceTerms
from catalogue.domain.units import ProductUnit
from metering.domain.billable_time import TimeRounding, billable_hours
from metering.domain.incoming_events import IncomingEvent


@dataclass(frozen=True)
class Received:
    """An event, when it was received, and the id of its row, which orders what was received at once."""

    event: IncomingEvent
    at: datetime
    uid: UUID

    @property
    def turn(self) -> tuple[datetime, UUID]:
        return self.at, self.uid


@dataclass(frozen=True)
class Book:
    """Whose prices: a company, its currency and how many decimals that has."""

    company: str
    currency: str
    minor_units: int


@dataclass(frozen=True)
class Customer:
    """An account with its zone, the book that it pays by, and the one that its office pays by, if any."""

    code: str
    zone: ZoneInfo
    sell: Book
    cost: Book | None


@dataclass(frozen=True)
class Sold:
    """A product: of kind time with states and rounding, or of kind usage with aggregation and units."""

    sku: str
    unit: ProductUnit
    billed_states: frozenset[str] = frozenset()
    rounding: TimeRounding = "exact"
    aggregation: str = ""


@dataclass(frozen=True)
class Entry:
    """A price of a book, or as agreed with an account of it."""

    id: int
    company: str
    sku: str
    account: str | None
    valid_from: datetime
    valid_to: datetime | None
    terms: PriceTerms

    def covers(self, instant: datetime) -> bool:
        return self.valid_from <= instant and (self.valid_to is None or instant < self.valid_to)


@dataclass(frozen=True, order=True)
class ChargeKey:
    """What a charge is for (rule 5)."""

    account: str
    month: str
    side: str
    kind: str
    sku: str
    resource: str
    item_quantity: Decimal
    price_id: int


@dataclass(frozen=True)
class Rated:
    """What a charge is worth; quantity and amount at 12 decimals, the net amount at the currency's."""

    service_start: datetime
    service_end: datetime
    quantity: Decimal
    unit_price: Decimal | None
    amount: Decimal
    net_amount: Decimal


@dataclass
class Used:
    """What of one product goes into one charge: stretches by resource and item quantity, or records."""

    entry: Entry
    sold: Sold
    stretches: dict[tuple[str, Decimal], list[Period]] = field(default_factory=dict)
    records: list[tuple[Received, Fraction]] = field(default_factory=list)

    def quantity(self, zone: ZoneInfo) -> Fraction:
        if self.sold.aggregation:
            return self._aggregated()
        return sum(
            (
                Fraction(item_quantity) * billable_hours(stretches, self.sold.rounding, zone)
                for (_, item_quantity), stretches in self.stretches.items()
            ),
            Fraction(0),
        )

    def _aggregated(self) -> Fraction:
        quantities = [quantity for _, quantity in self.records]
        match self.sold.aggregation:
            case "sum":
                return sum(quantities, Fraction(0))
            case "max":
                return max(quantities)
            case "last":
                return max(self.records, key=lambda record: (record[0].event.time, *record[0].turn))[1]
            case _:
                return Fraction(len({record.event.quantity for record, _ in self.records}))

    def service_period(self, period: Period) -> tuple[datetime, datetime]:
        if self.sold.aggregation:
            return period.start, period.end
        stretches = [stretch for part in self.stretches.values() for stretch in part]
        return min(s.start for s in stretches), max(s.end for s in stretches)
