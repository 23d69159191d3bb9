"""Price versions: in which stretches of a period one entry of a book is the price that counts.

`metering/sql/cut_price_segments.sql` does the same for many products at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from catalogue.domain.periods import Period


@dataclass(frozen=True, slots=True)
class PriceVersion:
    """An entry that may count: when it is valid, and what it beats.

    number: [its id: higher for what was entered later]
    valid_from: [instant]
    valid_to: [instant after it, exclusive; None: open]
    is_agreed: [with the account: it beats the book]
    """

    number: int
    valid_from: datetime
    valid_to: datetime | None = None
    is_agreed: bool = False

    def covers(self, instant: datetime) -> bool:
        """Tell whether it is valid at an instant."""
        return self.valid_from <= instant and (self.valid_to is None or instant < self.valid_to)


def stretches_of(number: int, versions: Iterable[PriceVersion], period: Period) -> tuple[Period, ...]:
    """Return where in a period the version with this number counts, in order of time.

    Of those valid at an instant one agreed with the account counts, then the latest valid_from, then the one
    entered last.

    number: [of one of the versions; none of them has it: nowhere]
    versions: [of one product, currency and book, with what the account agreed on]

    >>> from datetime import UTC
    >>> march = Period(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    >>> versions = [PriceVersion(1, march.start), PriceVersion(2, datetime(2026, 3, 10, tzinfo=UTC))]
    >>> [(stretch.start.day, stretch.end.day) for stretch in stretches_of(1, versions, march)]
    [(1, 10)]
    """
    known = list(versions)
    bounds = {period.start, period.end}
    for version in known:
        bounds.update(at for at in (version.valid_from, version.valid_to) if at and period.contains(at))
    return tuple(
        Period(start, end)
        for start, end in pairwise(sorted(bounds))
        if (counts := in_force(known, start)) and counts.number == number
    )


def in_force(versions: Iterable[PriceVersion], instant: datetime) -> PriceVersion | None:
    """Return the version that counts at an instant, or None.

    >>> from datetime import UTC
    >>> day = datetime(2026, 3, 1, tzinfo=UTC)
    >>> agreed = PriceVersion(1, day, is_agreed=True)
    >>> in_force([agreed, PriceVersion(2, day)], day) == agreed
    True
    """
    valid = (version for version in versions if version.covers(instant))
    return max(valid, key=lambda v: (v.is_agreed, v.valid_from, v.number), default=None)
