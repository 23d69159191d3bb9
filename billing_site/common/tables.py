"""Take in a table: a CSV file's lines by the names of its columns, and all that is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from billing_site.common.csv_files import CsvTable, UnreadableFile, open_csv
from billing_site.common.errors import BillingError

MOST_FINDINGS = 1000
Line = tuple[int, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class WrongLine:
    """What is wrong with a cell of a line (the heading is 1), with all of it, or with the whole (0)."""

    line: int
    column: str
    sentence: str

    @property
    def where(self) -> str:
        """The place, for people."""
        place = f"line {self.line}" if self.line else "the file"
        return f"{place}, {self.column}" if self.column else place

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}" if self.line or self.column else self.sentence


class TableRefused(BillingError):
    """A table that cannot be taken in as it is; nothing of it was stored."""

    code = "table_refused"

    def __init__(self, findings: Sequence[WrongLine]) -> None:
        first = sorted(findings, key=lambda finding: finding.line)[:MOST_FINDINGS]
        more = f" There are {len(first) - 1} more." if len(first) > 1 else ""
        super().__init__(f"{first[0]}{more}")
        self.findings = first


class Table:
    """A CSV file that is being read: its heading, its lines, and what was found wrong with it so far."""

    def __init__(self, table: CsvTable) -> None:
        self._table = table
        self.heading = table.heading
        self.findings: list[WrongLine] = []

    def check_heading(self, *, required: Collection[str], known: Collection[str] | None = None) -> None:
        """Find columns that are missing, stand twice, or (unless `known` is None) are not known."""
        for name in dict.fromkeys(self.heading):
            if known is not None and name not in known:
                self.findings.append(
                    WrongLine(1, name, f"There is no such column; there are {', '.join(known)}.")
                )
            elif self.heading.count(name) > 1 and (known is not None or name in required):
                self.findings.append(WrongLine(1, name, "This column stands twice: keep one."))
        for name in required:
            if name not in self.heading:
                self.findings.append(WrongLine(1, name, "This column is missing."))

    def lines(self, *, may_be_none: bool = False) -> Iterator[Line]:
        """Yield the lines that are whole, with their cells stripped; what is wrong with others is found.

        may_be_none: a heading alone is right, for what only adds to what stands.
        """
        if self.findings:
            return
        needs_one = not may_be_none
        for number, cells in self._table.lines:
            if len(self.findings) >= MOST_FINDINGS:
                return
            needs_one = False
            if len(cells) != len(self.heading):
                text = f"The line has {len(cells)} cells and the heading {len(self.heading)}."
                self.findings.append(WrongLine(number, "", text))
                continue
            line = {name: cell.strip() for name, cell in zip(self.heading, cells, strict=True)}
            if foreign := [name for name, cell in line.items() if not _is_text(cell)]:
                text = "This is not text in UTF-8: save the file as CSV (UTF-8)."
                self.findings.append(WrongLine(number, foreign[0], text))
            else:
                yield number, line
        if needs_one:
            self.findings.append(
                WrongLine(0, "", "The file has no lines: send one with a heading and at least a line.")
            )


@contextmanager
def open_table(file: BinaryIO) -> Iterator[Table]:
    """Open a CSV file for the time of a block; what was found wrong is raised at its end: TableRefused."""
    table: Table | None = None
    try:
        opened = open_csv(file)
        with closing(cast("Generator[tuple[int, list[str]]]", opened.lines)):
            table = Table(opened)
            yield table
    except UnreadableFile as error:
        findings = table.findings if table else []
        raise TableRefused([*findings, WrongLine(error.line or 0, "", error.sentence)]) from error
    if table.findings:
        raise TableRefused(table.findings)


def _is_text(cell: str) -> bool:
    """Whether a cell has neither bytes of another encoding (lone surrogates) nor NUL."""
    return cell.isprintable() or not any(
        character == "\0" or "\ud800" <= character <= "\udfff" for character in cell
    )
