"""Take in what the order stream says that it sent: whole days of a source, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, BinaryIO

from django.db import transaction

from billing_site.common import sql
from billing_site.common.copying import copy_text, escaped
from billing_site.common.tables import MOST_FINDINGS, Line, TableRefused, WrongLine, open_table
from catalogue.models import Company
from reconciliation.domain.cells import WrongCell
from reconciliation.domain.control import (
    LINE_COLUMNS,
    TOTAL_COLUMNS,
    SentEvent,
    SentTotal,
    read_sent_event,
    read_sent_total,
)
from reconciliation.models import ControlDay

_AT_ONCE = 10_000
# More in one delivery are a slip in a date.
_MOST_DAYS = 1_000


@dataclass(frozen=True, slots=True)
class ToldDays:
    """The days of a source, [first, last], of which a delivery tells all: what it lacks was not sent."""

    source: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class TakenControl:
    """What a delivery did: how many days it told, and how many lines it stored, removed, found unchanged."""

    kind: str
    days: int
    stored: int
    removed: int
    unchanged: int

    def __str__(self) -> str:
        return (
            f"days told by {self.kind}: {self.days:,}; {self.stored:,} stored, {self.removed:,} removed, "
            f"{self.unchanged:,} unchanged"
        )


@dataclass(frozen=True, slots=True)
class _Kind:
    """How lines of a kind are read, and by which statements and working table they are stored."""

    columns: Mapping[str, str]
    read: Callable[[Mapping[str, str]], SentEvent | SentTotal]
    names: Sequence[str]
    wrong: Callable[[Mapping[str, Any]], Iterator[WrongLine]]
    noun: str


@transaction.atomic
def take_control_file(*, company: Company, file: BinaryIO, received_at: datetime) -> TakenControl:
    """Take in a CSV file of lines (LINE_COLUMNS) or of totals (TOTAL_COLUMNS); its heading says which.

    Of each source it replaces the days from the first to the last one in the file; the same file again
    changes nothing. company: [whose stream it is; its row is locked]. Raises TableRefused with all that is
    wrong, by line and column (the first thousand).
    """
    with open_table(file) as table:
        is_of_lines = "id" in table.heading or "sku" not in table.heading
        kind = ControlDay.Kind.LINES if is_of_lines else ControlDay.Kind.TOTALS
        columns = _KINDS[kind].columns
        table.check_heading(required=columns, known=columns)
        return _take(company, kind, table.lines(), table.findings, received_at)


@transaction.atomic
def take_control(
    *, company: Company, kind: str, lines: Iterable[Line], told: ToldDays | None, received_at: datetime
) -> TakenControl:
    """Take in lines or totals, as take_control_file does; numbers of lines are from 1.

    told: what is replaced; None: of each source the days from the first to the last one among the lines.
    Raises TableRefused.
    """
    findings: list[WrongLine] = []
    taken = _take(company, kind, lines, findings, received_at, told)
    if findings:
        raise TableRefused(findings)
    return taken


def _take(
    company: Company,
    kind: str,
    lines: Iterable[Line],
    findings: list[WrongLine],
    received_at: datetime,
    told: ToldDays | None = None,
) -> TakenControl:
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    how = _KINDS[ControlDay.Kind(kind)]
    bounds: dict[str, tuple[date, date]] = {told.source: (told.first, told.last)} if told else {}
    sql.run("reconciliation", f"drop_incoming_control_{kind}")
    sql.run("reconciliation", f"create_incoming_control_{kind}")
    listed = 0
    entries = _entries(how, lines, findings, bounds, told)
    while chunk := list(islice(entries, _AT_ONCE)):
        listed += len(chunk)
        copy_text(f"incoming_control_{how.noun}", ("line", *how.names), "".join(chunk))
    days = list(_days(bounds, findings))
    known = {
        "company_id": company.pk,
        "sources": [source for source, _ in days],
        "days": [day for _, day in days],
        "at_most": MOST_FINDINGS,
        "kind": str(kind),
        "received_at": received_at,
    }
    findings += how.wrong(known)
    if findings:
        return TakenControl(kind, 0, 0, 0, 0)
    removed = sql.run("reconciliation", f"remove_control_{kind}", known)
    stored = sql.run("reconciliation", f"put_control_{kind}", known)
    sql.run("reconciliation", "put_control_days", known)
    return TakenControl(kind, len(days), stored, removed, listed - stored)


def _entries(
    how: _Kind,
    lines: Iterable[Line],
    findings: list[WrongLine],
    bounds: dict[str, tuple[date, date]],
    told: ToldDays | None,
) -> Iterator[str]:
    """Yield the lines that can be used as COPY reads them, and widen the bounds of each source's days."""
    for number, cells in lines:
        if len(findings) >= MOST_FINDINGS:
            return
        try:
            entry = how.read(cells)
            first, last = bounds.get(entry.source, (entry.day, entry.day))
            if told and not first <= entry.day <= last:
                raise WrongCell(
                    "hour" if isinstance(entry, SentEvent) else "day",
                    f"It lies outside of the days that are told, {first} to {last}.",
                )
        except WrongCell as refusal:
            findings.append(WrongLine(number, refusal.column, refusal.sentence))
            continue
        bounds[entry.source] = min(first, entry.day), max(last, entry.day)
        yield f"{number}\t{_row(entry)}\n"


def _row(entry: SentEvent | SentTotal) -> str:
    if isinstance(entry, SentTotal):
        texts = (entry.source, entry.account, entry.sku)
        return "\t".join([*map(escaped, texts), f"{entry.day}", f"{entry.quantity:f}"])
    texts = (entry.source, entry.id, entry.resource)
    rest = (entry.hour.isoformat(), f"{entry.day}", f"{entry.quantity:f}")
    return "\t".join([*map(escaped, texts), *rest])


def _days(bounds: Mapping[str, tuple[date, date]], findings: list[WrongLine]) -> Iterator[tuple[str, date]]:
    for source, (first, last) in bounds.items():
        count = (last - first).days + 1
        if count > _MOST_DAYS:
            sentence = f"{source} has {first} and {last}: at most {_MOST_DAYS:,} days are told at once."
            findings.append(WrongLine(0, "", sentence))
            continue
        yield from ((source, first + timedelta(days=number)) for number in range(count))


def _wrong_lines(known: Mapping[str, Any]) -> Iterator[WrongLine]:
    for row in sql.rows("reconciliation", "control_lines_twice", known):
        yield WrongLine(row["line"], "id", f"This id stands on line {row['first_line']}, too: keep one.")
    for row in sql.rows("reconciliation", "control_lines_of_other_days", known):
        yield WrongLine(
            row["line"],
            "id",
            f"This id was told for {row['day']}, which is not replaced: send both days together.",
        )


def _wrong_totals(known: Mapping[str, Any]) -> Iterator[WrongLine]:
    for row in sql.rows("reconciliation", "wrong_control_totals", known):
        if row["account_is_unknown"]:
            yield WrongLine(
                row["line"],
                "account",
                f"There is no account {row['account']!r} of this company or its offices.",
            )
        if row["sku_is_unknown"]:
            yield WrongLine(row["line"], "sku", f"There is no product {row['sku']!r}.")
        if row["line"] > row["first_line"]:
            yield WrongLine(row["line"], "", f"The same sum stands on line {row['first_line']}: keep one.")


_KINDS = {
    ControlDay.Kind.LINES: _Kind(
        LINE_COLUMNS,
        read_sent_event,
        ("source", "event_id", "resource", "hour", "day", "quantity"),
        _wrong_lines,
        "line",
    ),
    ControlDay.Kind.TOTALS: _Kind(
        TOTAL_COLUMNS,
        read_sent_total,
        ("source", "account", "sku", "day", "quantity"),
        _wrong_totals,
        "total",
    ),
}
