"""Rows of comma-separated values, each judged by itself."""

import csv
from collections.abc import Iterator

from metering.domain.incoming_events import Rejected

Row = list[str] | Rejected


def rows_of(lines: Iterator[bytes]) -> Iterator[tuple[int, Row]]:
    """Yield the number of each row's last line, and its cells or why it cannot be read.

    What is not UTF-8 stays in its cell as what cannot be written as UTF-8 either: only its row is refused.
    """
    rows = csv.reader(line.decode("utf-8", "surrogateescape") for line in lines)
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as problem:
            yield rows.line_num, Rejected("", "", f"The row cannot be read: {problem}.")
            continue
        if cells:
            yield rows.line_num, cells


def named_cells(heading: list[str], row: Row) -> dict[str, str] | Rejected:
    """Return the cells of a row by the names in the heading."""
    if isinstance(row, Rejected):
        return row
    if len(row) != len(heading):
        return Rejected("", "", f"The row has {len(row)} cells, and the heading has {len(heading)}.")
    return dict(zip(heading, row, strict=True))
