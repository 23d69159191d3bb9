"""What was ordered, what ran, what was used, what it is worth."""

from metering.models.charges import Charge, RatingRun
from metering.models.events import EventIdentity, IngestBatch, LifecycleEvent, UsageEvent
from metering.models.exceptions import EventException
from metering.models.orders import Order
from metering.models.partitions import DetachedMonth
from metering.models.periods import AccountPeriod
from metering.models.resources import Resource, ResourceInterval

__all__ = [
    "AccountPeriod",
    "Charge",
    "DetachedMonth",
    "EventException",
    "EventIdentity",
    "IngestBatch",
    "LifecycleEvent",
    "Order",
    "RatingRun",
    "Resource",
    "ResourceInterval",
    "UsageEvent",
]
