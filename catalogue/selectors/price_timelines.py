"""The price history of a product: what was, is and will be in force in each book, side by side."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

from catalogue.domain.periods import local_midnight
from catalogue.domain.price_timeline import Entry, timeline
from catalogue.models import Company, Price, Product
from catalogue.selectors.reach import Caller
from catalogue.selectors.visible import visible_prices


@dataclass(frozen=True, slots=True)
class PriceStretch:
    """Between two instants one price counts (end None: open), or none: a gap."""

    start: datetime
    end: datetime | None
    price: Price | None


@dataclass(frozen=True, slots=True)
class BookTimeline:
    """One company's book in one currency, from its first price of the product on."""

    company: Company
    currency: str
    stretches: tuple[PriceStretch, ...]

    def at(self, instant: datetime) -> Price | None:
        """Return the price in force at an instant."""
        for stretch in self.stretches:
            if stretch.start <= instant and (stretch.end is None or instant < stretch.end):
                return stretch.price
        return None


@dataclass(frozen=True, slots=True)
class PriceMoment:
    """When prices change somewhere: a day (the local midnight of each company), or one instant for all."""

    day: date | None
    instant: datetime

    def of(self, company: Company) -> datetime:
        """Return the instant that it is for a company."""
        return local_midnight(self.day, ZoneInfo(company.timezone)) if self.day else self.instant

    def __str__(self) -> str:
        return f"{self.day}" if self.day else f"{self.instant:%Y-%m-%d %H:%M:%S} UTC"


def book_timelines(product: Product, caller: Caller) -> list[BookTimeline]:
    """Return a product's prices in each book and currency that a caller sees, by company and currency.

    Prices agreed with single accounts and entries that were superseded are left out. Four queries.
    """
    entered = visible_prices(caller).filter(product=product, account=None, superseded_at=None)
    prices = sorted(
        entered, key=lambda price: (price.company.parent_id or 0, price.company.code, price.currency_id)
    )
    return [
        BookTimeline(own[0].company, own[0].currency_id, _stretches(own))
        for _, group in groupby(prices, key=lambda price: (price.company_id, price.currency_id))
        if (own := list(group))
    ]


def moments(books: list[BookTimeline]) -> list[PriceMoment]:
    """Return when prices change in any of the books, the latest first.

    A revision that begins at the local midnight of each of twelve companies is one day, not twelve instants.
    """
    found = set()
    for book in books:
        zone = ZoneInfo(book.company.timezone)
        for stretch in book.stretches:
            local = stretch.start.astimezone(zone)
            is_midnight = local_midnight(local.date(), zone) == stretch.start
            day = local.date() if is_midnight else None
            instant = datetime.combine(day, time(), UTC) if day else stretch.start
            found.add(PriceMoment(day, instant))
    return sorted(found, key=lambda moment: moment.instant, reverse=True)


def _stretches(prices: list[Price]) -> tuple[PriceStretch, ...]:
    by_number = {price.pk: price for price in prices}
    entries = [Entry(price.valid_from, price.valid_to, price.pk) for price in prices]
    return tuple(
        PriceStretch(stretch.start, stretch.end, by_number[stretch.entry.number] if stretch.entry else None)
        for stretch in timeline(entries)
    )
