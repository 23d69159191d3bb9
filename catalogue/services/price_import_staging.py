"""Bring the lines of a price file into the database by COPY, in one pass, its numbers validated."""

from collections.abc import Callable, Iterator
from typing import Any, cast

from django.db import connection
from psycopg import sql

from billing_site.common.csv_files import CsvTable, UnreadableFile
from billing_site.common.errors import BillingError
from catalogue.models import ImportFinding, PriceImport
from catalogue.services.price_import_cells import (
    LONGEST_TEXT,
    plain_amounts,
    read_amount,
    read_text,
    read_tiers,
)
from catalogue.services.price_import_findings import Finding, Findings
from catalogue.services.price_import_headings import Heading

LINES_A_BLOCK = 500


def stage_lines(
    price_import: PriceImport,
    table: CsvTable,
    heading: Heading,
    findings: Findings,
    told: Callable[[float], None],
) -> int:
    """Append the readable lines to catalogue_importline and return how many lines the file has.

    What cannot be read becomes a finding; `told` hears the fraction read from time to time.
    """
    stager = _Stager(price_import.pk, heading, findings)
    columns = ["price_import_id", "line", *(column.name for column in heading.texts), "amounts"]
    copy_lines = sql.SQL("COPY catalogue_importline ({}) FROM STDIN").format(
        sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cast(Any, cursor).copy(copy_lines) as copy,
    ):
        for block in stager.blocks(table.lines):
            copy.write(block)
            told(table.fraction_read())
    return stager.lines_read


class _Stager:
    """Turns lines into the text of COPY."""

    def __init__(self, price_import_id: int, heading: Heading, findings: Findings) -> None:
        self.lines_read = 0
        self._prefix = str(price_import_id)
        self._heading = heading
        self._findings = findings
        self._texts = [column.place for column in heading.texts]
        self._amounts = [column.place for column in heading.amounts]
        self._names = {column.place: column.written for column in (*heading.texts, *heading.amounts)}
        places = {column.name: column.place for column in heading.texts}
        self._sku, self._tiers, self._model = places["sku"], places.get("tiers"), places.get("model")

    def blocks(self, lines: Iterator[tuple[int, list[str]]]) -> Iterator[str]:
        block: list[str] = []
        try:
            for line, row in lines:
                self.lines_read += 1
                if len(row) != self._heading.width:
                    self._wrong_width(line, row)
                    continue
                block.append(self._copy_line(line, row))
                if len(block) == LINES_A_BLOCK:
                    yield "".join(block)
                    block.clear()
        except UnreadableFile as error:
            self._findings.add(Finding(error.code, error.sentence, error.line))
        yield "".join(block)

    def _wrong_width(self, line: int, row: list[str]) -> None:
        width = self._heading.width
        self._findings.add(
            Finding(
                "field_count",
                f"The line has {len(row)} fields and the heading {width}: too "
                f"{'few' if len(row) < width else 'many'}, or a comma inside a text without quotation marks.",
                line,
            )
        )

    def _copy_line(self, line: int, row: list[str]) -> str:
        cells = [cell.strip() for cell in row]
        if cells[self._sku] != row[self._sku]:
            self._trimmed(line, cells[self._sku])
        if self._tiers is not None:
            cells[self._tiers] = self._read(line, self._tiers, cells, self._read_tiers) or ""
        amounts = plain_amounts([cells[place] if place >= 0 else "" for place in self._amounts])
        if amounts is None:
            read = (self._read(line, place, cells, self._read_amount) for place in self._amounts)
            amounts = ",".join(amount or "NULL" for amount in read)
        texts = [cells[place] for place in self._texts]
        joined = "".join(texts)
        if not joined.isprintable() or "\\" in joined or "'" in joined or len(joined) > LONGEST_TEXT:
            texts = [self._read(line, place, cells, self._read_text) or "" for place in self._texts]
        if self._tiers is not None:
            texts[self._texts.index(self._tiers)] = cells[self._tiers] or "\\N"
        return "\t".join([self._prefix, str(line), *texts, f"{{{amounts}}}"]) + "\n"

    def _read(
        self, line: int, place: int, cells: list[str], reader: Callable[[int, list[str]], str]
    ) -> str | None:
        """Read a cell; None if it is wrong, and a finding says why."""
        try:
            return reader(place, cells)
        except BillingError as error:
            self._findings.add(Finding(error.code, error.sentence, line, self._names[place]))
            return None

    def _read_amount(self, place: int, cells: list[str]) -> str:
        return read_amount(cells[place], self._names[place]) if place >= 0 else "NULL"

    def _read_text(self, place: int, cells: list[str]) -> str:
        return read_text(cells[place])

    def _read_tiers(self, place: int, cells: list[str]) -> str:
        model = cells[self._model] if self._model is not None else ""
        return read_tiers(cells[place], model) if cells[place] else ""

    def _trimmed(self, line: int, sku: str) -> None:
        sentence = f"Spaces around the SKU were cut off: it is {sku!r}."
        self._findings.add(Finding("spaces_trimmed", sentence, line, "sku", ImportFinding.Severity.NOTICE))
