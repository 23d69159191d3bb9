"""Take in the events of a file, batch by batch: what is good stands, and what is not is told line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from metering.domain.incoming_events import IncomingEvent, Rejected
from metering.services.event_rows import EventRow, event_rows
from metering.services.ingestion import MAX_EVENTS, Sender, ingest_rows

Line = tuple[int, IncomingEvent | Rejected | None]
"""The number of a line from 1, and its event; None is a line that says nothing about billing."""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A line that was not taken; `status` is rejected or conflict."""

    line: int
    status: str
    source: str
    id: str
    detail: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.told}"

    @property
    def told(self) -> str:
        """What became of it, and why."""
        return f"{f'{self.status} {self.source} {self.id}'.strip()}: {self.detail}"


@dataclass(frozen=True, slots=True)
class FileBatch:
    """What became of up to MAX_EVENTS lines: how many were accepted, duplicate and so on."""

    counts: Counter[str]
    problems: list[LineProblem]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Lines that are ready to be stored: the number of each that says anything, and its event's rows."""

    line_count: int
    numbers: list[int]
    rows: list[EventRow | Rejected]


def ingest_lines(
    lines: Iterable[Line], *, sender: Sender, channel: str, now: Callable[[], datetime]
) -> Iterator[FileBatch]:
    """Store what is new, each batch in a transaction of its own, and tell of each when it is durable.

    now: [the caller's clock] gives the instant at which a batch is received. Stopped anywhere, the same file
    can be sent again: what stands comes back as duplicate.
    """
    remaining = iter(lines)

    def next_batch() -> _Batch:
        return _read_batch(list(islice(remaining, MAX_EVENTS)))

    # While one batch is written by the database, the next one is read.
    with ThreadPoolExecutor(1) as reader:
        waiting = reader.submit(next_batch)
        while (batch := waiting.result()).line_count:
            waiting = reader.submit(next_batch)
            yield _ingest_batch(batch, sender=sender, channel=channel, received_at=now())


def _read_batch(lines: list[Line]) -> _Batch:
    numbers = [number for number, item in lines if item is not None]
    return _Batch(len(lines), numbers, event_rows(item for _, item in lines if item is not None))


def _ingest_batch(batch: _Batch, *, sender: Sender, channel: str, received_at: datetime) -> FileBatch:
    report = ingest_rows(batch.rows, sender=sender, received_at=received_at, channel=channel)
    counts = Counter(report.counts)
    if skipped := batch.line_count - len(batch.rows):
        counts["skipped"] = skipped
    problems = [
        LineProblem(number, result.status, result.source, result.id, result.detail)
        for number, result in zip(batch.numbers, report.results, strict=True)
        if result.status in ("rejected", "conflict")
    ]
    return FileBatch(counts, problems)
