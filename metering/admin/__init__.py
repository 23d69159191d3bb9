"""Metering's pages in the console; Django's admin cannot show composite keys (event identities)."""

from metering.admin import charges, events, exceptions, orders, periods, resources

__all__ = ["charges", "events", "exceptions", "orders", "periods", "resources"]
