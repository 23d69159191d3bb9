"""Metering's pages in the console. Event identities have a composite key, which Django's admin cannot show."""

from metering.admin import charges, events, exceptions, orders, periods, resources

__all__ = ["charges", "events", "exceptions", "orders", "periods", "resources"]
