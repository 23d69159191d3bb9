"""Bring the lines of a price file into the database by COPY, as text, in one pass."""

from collections.abc import Callable, Iterator
from typing import Any, cast

from django.db import connection

from catalogue.models import ImportFinding, PriceImport
from catalogue.services.price_import_files import PriceTable, UnreadableFile
from catalogue.services.price_import_findings import Finding, Findings

LINES_A_BLOCK = 500
LONGEST_CELL = 4000
# Exports put an apostrophe before what a spreadsheet would run as a formula; reading takes it off again.
FORMULA_STARTS = ("'=", "'+", "'-", "'@")


def stage_lines(
    price_import: PriceImport, table: PriceTable, findings: Findings, told: Callable[[float], None]
) -> int:
    """Append the readable lines to catalogue_importline and return how many lines the file has.

    What cannot be staged becomes a finding; `told` hears the fraction read from time to time.
    """
    stager = _Stager(price_import.pk, table.heading, findings)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        copy_lines = "COPY catalogue_importline (price_import_id, line, cells) FROM STDIN"
        with cast(Any, cursor).copy(copy_lines) as copy:
            for block in stager.blocks(table.lines):
                copy.write(block)
                told(table.fraction_read())
    return stager.lines_read


class _Stager:
    """Turns lines into the text of COPY. The cells are one array literal of quoted elements."""

    def __init__(self, price_import_id: int, heading: list[str], findings: Findings) -> None:
        self.lines_read = 0
        self._id = price_import_id
        self._heading = heading
        self._findings = findings
        self._sku = next((place for place, name in enumerate(heading) if name.lower() == "sku"), 0)

    def blocks(self, lines: Iterator[tuple[int, list[str]]]) -> Iterator[str]:
        block: list[str] = []
        try:
            for line, row in lines:
                self.lines_read += 1
                if (cells := self._cells(line, row)) is not None:
                    block.append(f'{self._id}\t{line}\t{{"{cells}"}}\n')
                if len(block) == LINES_A_BLOCK:
                    yield "".join(block)
                    block.clear()
        except UnreadableFile as error:
            self._findings.add(Finding(error.code, error.sentence, error.line))
        yield "".join(block)

    def _cells(self, line: int, row: list[str]) -> str | None:
        width = len(self._heading)
        if len(row) != width:
            few_or_many = "few" if len(row) < width else "many"
            self._findings.add(
                Finding(
                    "field_count",
                    f"The line has {len(row)} fields and the heading {width}: too {few_or_many}, or a comma "
                    "inside a text without quotation marks.",
                    line,
                )
            )
            return None
        cells = [cell.strip() for cell in row]
        if cells[self._sku] != row[self._sku]:
            self._findings.add(
                Finding(
                    "spaces_trimmed",
                    f"Spaces around the SKU were cut off: it is {cells[self._sku]!r}.",
                    line,
                    self._heading[self._sku],
                    ImportFinding.Severity.NOTICE,
                )
            )
        joined = '","'.join(cells)
        plain = joined.isprintable() and "\\" not in joined and joined.count('"') == 2 * width - 2
        if plain and "'" not in joined and len(joined) <= LONGEST_CELL:
            return joined
        return self._careful(line, cells)

    def _careful(self, line: int, cells: list[str]) -> str | None:
        escaped = []
        for name, cell in zip(self._heading, cells, strict=True):
            if fault := _fault(cell):
                self._findings.add(Finding(fault[0], fault[1], line, name))
                return None
            text = cell[1:] if cell.startswith(FORMULA_STARTS) else cell
            escaped.append(text.replace("\\", "\\\\").replace('"', '\\"'))
        literal = '","'.join(escaped)
        return literal.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _fault(cell: str) -> tuple[str, str] | None:
    if len(cell) > LONGEST_CELL:
        return "too_long", f"The cell holds {len(cell)} characters, and {LONGEST_CELL} are the most."
    if "\0" in cell:
        return "not_text", "The cell holds a zero byte: save the file as CSV (UTF-8)."
    for character in cell:
        if "\ud800" <= character <= "\udfff":
            return "not_utf8", (
                f"The byte 0x{ord(character) & 0xFF:02X} is not UTF-8, the file may be Latin-1 or "
                "Windows-1252: save it as CSV (UTF-8)."
            )
    return None
