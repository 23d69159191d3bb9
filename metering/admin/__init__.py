"""Metering's pages in the console; Django's admin cannot show composite keys (event identities)."""

from metering.admin import charges, event_files, events, exceptions, orders, periods, resources

__all__ = ["charges", "event_files", "events", "exceptions", "orders", "periods", "resources"]
