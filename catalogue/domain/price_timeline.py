"""Which of several overlapping entries is in force when: the timeline of one price book, with its gaps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest


@dataclass(frozen=True, slots=True)
class Entry:
    """When an entry is valid, and its place in the order of entering.

    valid_from: [instant]
    valid_to: [instant after it, exclusive; None: open]
    number: [higher for what was entered later; tells entries apart]
    """

    valid_from: datetime
    valid_to: datetime | None
    number: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Between two instants one entry counts, or none.

    start: [instant]
    end: [instant after it, exclusive; None: open]
    entry: [the one in force; None: a gap]
    """

    start: datetime
    end: datetime | None
    entry: Entry | None


def timeline(entries: Iterable[Entry]) -> tuple[Stretch, ...]:
    """Return what is in force from the first entry on, in order, without holes between the stretches.

    At each instant the entry with the latest valid_from counts, then the one entered last.

    entries: [of one company, product, currency and account; none of them superseded]

    >>> from datetime import UTC
    >>> march, april = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    >>> [stretch.entry and stretch.entry.number for stretch in timeline([Entry(march, april, 7)])]
    [7, None]
    """
    every = list(entries)
    bounds = sorted(
        {entry.valid_from for entry in every} | {entry.valid_to for entry in every if entry.valid_to}
    )
    stretches: list[Stretch] = []
    for start, end in zip_longest(bounds, bounds[1:]):
        in_force = [e for e in every if e.valid_from <= start and (e.valid_to is None or e.valid_to > start)]
        entry = max(in_force, key=lambda e: (e.valid_from, e.number), default=None)
        if stretches and stretches[-1].entry == entry:
            start = stretches.pop().start
        stretches.append(Stretch(start, end, entry))
    return tuple(stretches)
