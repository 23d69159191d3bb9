"""A price in a few words."""

from decimal import Decimal

from billing_site.common.admin import show_number
from catalogue.models import Price, PriceChange


def terms(price: Price | PriceChange) -> str:
    """Say what a price, or what becomes one, costs: 0.05 · 100 included."""
    named = {
        "": price.unit_price,
        "fee": price.fee,
        "a package": price.package_price,
        "%": price.percent,
        "a record": price.fixed_fee,
        "included": price.included or None,
        "at most": price.cap,
        "at least": price.minimum,
    }
    written = [
        f"{show_number(Decimal(value))} {name}".strip() for name, value in named.items() if value is not None
    ]
    tiers = _tiers(price)
    return " · ".join([f"{tiers} tiers", *written] if tiers else written)


def _tiers(price: Price | PriceChange) -> int:
    return len(price.tiers or ()) if isinstance(price, PriceChange) else len(price.tiers.all())
