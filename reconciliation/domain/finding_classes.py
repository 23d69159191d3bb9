"""What kind of difference a finding is: the class tells who has to look, and where."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

# An event that came after its month was closed is corrected by the next bill run or credit note. Until then,
# and at most for so long, the difference is expected.
GRACE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Difference:
    """What is known of a key on which two systems differ.

    kind: ["missing" only in the first, "extra" only in the second, "mismatch"]
    measure: ["amount" or "quantity"]
    difference: [first minus second, in the unit of the measure]
    minor_units: [decimals of the currency]
    lines: [how many rounded lines the amounts are sums of, 1 or more]
    is_late: [whether an event about it came after the month was closed, within GRACE]
    is_repeated: [whether the second system has the same once more]
    quantities_differ: [whether the quantities behind two amounts differ, too]
    currencies_differ: [whether the sides are in two currencies]
    """

    kind: str
    measure: str
    difference: Decimal
    minor_units: int = 2
    lines: int = 1
    is_late: bool = False
    is_repeated: bool = False
    quantities_differ: bool = False
    currencies_differ: bool = False


def class_of(found: Difference) -> str:
    """Return the class of a difference: the first of these rules that fits.

    found: [one key]

    >>> class_of(Difference("mismatch", "amount", Decimal("-0.01")))
    'rounding'
    >>> class_of(Difference("mismatch", "amount", Decimal("1.00")))
    'price'
    """
    rules = (
        ("late", found.is_late),
        ("currency", found.currencies_differ),
        ("duplicate", found.is_repeated and found.kind == "extra"),
        ("missing", found.kind == "missing"),
        ("extra", found.kind == "extra"),
        ("quantity", found.measure == "quantity" or found.quantities_differ),
        ("rounding", abs(found.difference) <= found.lines * Decimal(1).scaleb(-found.minor_units)),
    )
    return next((name for name, fits in rules if fits), "price")


def is_within_grace(received_at: datetime | None, at: datetime) -> bool:
    """Say whether a late event is so new that its correction need not be billed yet.

    received_at: [instant] of the newest event after the month was closed; None: there is none
    at: [instant] of the run

    >>> from datetime import UTC
    >>> is_within_grace(datetime(2026, 4, 2, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC))
    True
    """
    return received_at is not None and at - received_at <= GRACE
