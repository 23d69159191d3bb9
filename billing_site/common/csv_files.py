"""Read a CSV file: encoding, delimiter, heading and lines, without keeping it in memory."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import BinaryIO

from django.conf import settings

from billing_site.common.errors import BillingError

DELIMITERS = ",;\t|"
LONGEST_HEADING = 65_536
LONGEST_LINE = 1_000_000
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_OTHER_FILES = {
    b"PK\x03\x04": "an Excel workbook or another zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
    b"{": "JSON",
    b"<": "HTML or XML",
}


class UnreadableFile(BillingError):
    """A file, or a line of it, that is no table. `line` is where reading stopped."""

    code = "unreadable_file"

    def __init__(self, sentence: str, line: int | None = None) -> None:
        super().__init__(sentence)
        self.line = line


@dataclass(frozen=True, slots=True)
class CsvTable:
    """The heading of a file and its lines, each with its number as an editor counts (the heading is 1).

    `fraction_read` tells how much of it has been read, from 0 to 1. Cells of bytes that are not in the
    file's encoding hold lone surrogates.
    """

    heading: list[str]
    lines: Iterator[tuple[int, list[str]]]
    fraction_read: Callable[[], float]


def open_csv(file: BinaryIO) -> CsvTable:
    """Open a CSV file: UTF-8, with or without byte order mark, or UTF-16; comma, semicolon, tab or bar.

    Raises UnreadableFile, also while its lines are read.
    """
    size = file.seek(0, io.SEEK_END)
    if size > settings.UPLOAD_MAX_BYTES:
        raise UnreadableFile(
            f"The file has {size // 1_000_000:,} MB, and at most "
            f"{settings.UPLOAD_MAX_BYTES // 1_000_000:,} MB are taken at once: split it into several."
        )
    file.seek(0)
    start = file.read(LONGEST_HEADING)
    file.seek(0)
    text = io.TextIOWrapper(file, _encoding(start), errors="surrogateescape", newline="")
    lines = _lines(text, _delimiter(start))
    _, heading = next(lines, (1, []))
    return CsvTable(
        [cell.strip() for cell in heading], lines, lambda: min(file.tell() / size, 1.0) if size else 1.0
    )


def _encoding(start: bytes) -> str:
    if not start.strip():
        raise UnreadableFile(
            "The file is empty: send a CSV file with a heading and at least a line below it."
        )
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            return encoding
    for magic, name in _OTHER_FILES.items():
        if start.startswith(magic):
            raise UnreadableFile(f"The file is {name}, not CSV: save the table as CSV (UTF-8).", 1)
    if b"\0" in start:
        raise UnreadableFile("The file is not text, or UTF-16 without its mark: save it as CSV (UTF-8).", 1)
    return "utf-8"


def _delimiter(start: bytes) -> str:
    """The one of the usual delimiters that stands most often in the heading."""
    heading = start.splitlines()[0].decode(_encoding(start), errors="replace")
    return max(DELIMITERS, key=heading.count)


def _lines(text: io.TextIOWrapper, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_lines_of_text(text), delimiter=delimiter, strict=True)
    read = 0
    try:
        for row in reader:
            if row:
                yield read + 1, row
            read = reader.line_num
    except csv.Error as error:
        raise UnreadableFile(
            f"From here on this is no CSV ({error}): look for a quotation mark that is not closed or not "
            "doubled.",
            read + 1,
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"This is not {error.encoding}: save it as CSV (UTF-8).", read + 1) from error
    finally:
        text.detach()


def _lines_of_text(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines as they stand, none longer than what fits in memory: a file may be one endless line."""
    for number in count(1):
        line = text.readline(LONGEST_LINE)
        if not line:
            return
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            raise UnreadableFile(
                f"The line has more than {LONGEST_LINE:,} characters: this is no table.",
                number,
            )
        yield line
