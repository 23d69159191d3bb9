"""What a quote is asked for, and what is wrong with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from billing_site.common.errors import BillingError
from catalogue.models import Product
from catalogue.selectors.price_lookup import Found


@dataclass(frozen=True, slots=True)
class AskedItem:
    """One item: a quantity, for `hours` (of products priced by time) or with `units` each (of usage)."""

    sku: str
    quantity: Decimal
    hours: Decimal | None
    units: Decimal | None
    records: int
    start: datetime

    @property
    def charged_quantity(self) -> Fraction:
        """What its charge is priced for, in the product's unit."""
        hours, units = (Fraction(1 if factor is None else factor) for factor in (self.hours, self.units))
        return Fraction(self.quantity) * hours * units


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a field cannot be quoted: of the item at that position, or (none) of the request."""

    position: int | None
    field: str
    sentence: str


class CannotQuote(BillingError):
    """A customer, items or a coupon that cannot be quoted: all flaws that were found."""

    code = "cannot_quote"

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__(" ".join(flaw.sentence for flaw in flaws))
        self.flaws = flaws


def flaws_of_items(items: Sequence[AskedItem], found: Sequence[Found], currency: str) -> Iterator[Flaw]:
    """Yield what is wrong with items, given what was found for each of them in the seller's book."""
    for position, (item, answer) in enumerate(zip(items, found, strict=True)):
        product = answer.product
        if product is None:
            yield Flaw(position, "sku", f"There is no product {item.sku}.")
            continue
        if product.ended_at is not None and product.ended_at <= item.start:
            yield Flaw(
                position, "sku", f"{item.sku} is not sold any more since {_written(product.ended_at)}."
            )
        elif answer.price is None:
            yield Flaw(position, "sku", no_price(item, currency))
        is_timed = product.kind == Product.Kind.TIME
        if is_timed and item.hours is None:
            yield Flaw(position, "hours", f"{item.sku} is priced by time: say for how many hours.")
        if not is_timed and item.hours is not None:
            yield Flaw(position, "hours", f"{item.sku} is not priced by time: leave the hours out.")
        if product.kind != Product.Kind.USAGE and item.units is not None:
            yield Flaw(position, "units", f"{item.sku} is not priced by usage: leave the units out.")


def no_price(item: AskedItem, currency: str) -> str:
    """Return the sentence for an item that a book has no price for."""
    return f"{item.sku} has no price in {currency} at {_written(item.start)}."


def _written(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
