"""Field types and keys that every app shares."""

import os
import time
import uuid

from django.db import models

# Wide enough for 99,999,999,999.99 in any currency with 12 decimals, and for sums of a whole company.
AMOUNT_DIGITS = 30
AMOUNT_PLACES = 12


def uuid7() -> uuid.UUID:
    """Return a time-ordered id (RFC 9562), so that index pages fill in order; no rule reads its time."""
    millis = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (
        (millis & (2**48 - 1)) << 80
        | 0x7 << 76
        | (random >> 68 & 0xFFF) << 64
        | 0b10 << 62
        | random & (2**62 - 1)
    )
    return uuid.UUID(int=value)


class AmountField(models.DecimalField):
    """A money amount or unit price: numeric(30, 12), in the currency beside it."""

    def __init__(self, **options: object) -> None:
        options.setdefault("max_digits", AMOUNT_DIGITS)
        options.setdefault("decimal_places", AMOUNT_PLACES)
        super().__init__(**options)  # type: ignore[arg-type]


class QuantityField(models.DecimalField):
    """A quantity of a unit: numeric(38, 12), exact as sent."""

    def __init__(self, **options: object) -> None:
        options.setdefault("max_digits", 38)
        options.setdefault("decimal_places", 12)
        super().__init__(**options)  # type: ignore[arg-type]
