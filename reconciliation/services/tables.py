"""Read another system's table: a CSV file's lines by the names of its columns."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import BinaryIO, cast

from catalogue.services.price_import_files import PriceTable, UnreadableFile, open_price_table
from reconciliation.services.refusals import MOST_FINDINGS, TableRefused, WrongLine

Line = tuple[int, Mapping[str, str]]
_EMPTY = "The file has no lines: send one with a heading and at least a line below it."


class Table:
    """A CSV file that is being read: its heading, its lines, and what was found wrong with it so far."""

    def __init__(self, table: PriceTable) -> None:
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

    def lines(self) -> Iterator[Line]:
        """Yield the lines that are whole, with their cells stripped; what is wrong with others is found."""
        if self.findings:
            return
        is_empty = True
        for number, cells in self._table.lines:
            if len(self.findings) >= MOST_FINDINGS:
                return
            is_empty = False
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
        if is_empty:
            self.findings.append(WrongLine(0, "", _EMPTY))


@contextmanager
def open_table(file: BinaryIO) -> Iterator[Table]:
    """Open a CSV file for the time of a block; what was found wrong is raised at its end: TableRefused."""
    table: Table | None = None
    try:
        opened = open_price_table(file)
        with closing(cast("Generator[tuple[int, list[str]]]", opened.lines)):
            table = Table(opened)
            yield table
    except UnreadableFile as error:
        findings = table.findings if table else []
        empty = _EMPTY if error.line is None and file.seek(0, 2) == 0 else error.sentence
        raise TableRefused([*findings, WrongLine(error.line or 0, "", empty)]) from error
    if table.findings:
        raise TableRefused(table.findings)


def _is_text(cell: str) -> bool:
    """Whether a cell has neither bytes of another encoding (lone surrogates) nor NUL."""
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in cell)
