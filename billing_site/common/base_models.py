"""Field types and keys that every app shares."""

import os
import time
import uuid

from django.db import models

# Wide enough for 99,999,999,999.99 in any currency with 12 decimals, and for sums of a whole company.
AMOUNT_DIGITS = 30
AMOUNT_PLACES = 12
_RANDOM_BYTES = 9  # of an id


def uuid7() -> uuid.UUID:
    """Return a time-ordered id (RFC 9562), so that index pages fill in order; no rule reads its time."""
    return uuid.UUID(hex=uuid7_texts(1)[0])


def uuid7_texts(count: int) -> list[str]:
    """Return so many ids of this instant as uuid7() gives them, as 32 hexadecimal digits each."""
    instant = f"{time.time_ns() // 1_000_000 & (2**48 - 1):012x}7"
    random = os.urandom(_RANDOM_BYTES * count).hex()
    # After the version 3 digits of chance, then the variant: two bits 10, here with two bits 0.
    return [
        f"{instant}{random[start : start + 3]}8{random[start + 3 : start + 18]}"
        for start in range(0, len(random), 2 * _RANDOM_BYTES)
    ]


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
