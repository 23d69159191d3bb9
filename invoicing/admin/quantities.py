"""Quantities as the pages of documents show them."""

from decimal import Decimal

from billing_site.common.admin import Figure, show_number
from catalogue.domain.rounding import QUANTITY_DECIMALS, round_to


def show_quantity(value: Decimal | None) -> Figure:
    """Write a quantity to 6 decimals, as its document does: 15,088.5; empty where a line has none."""
    return Figure() if value is None else show_number(round_to(value, QUANTITY_DECIMALS))
