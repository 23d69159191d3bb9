"""Files of events: which formats there are, and their lines, packed or not."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from metering.adapters import csv_events, focus, ndjson, openstack
from metering.domain.incoming_events import Rejected
from metering.services.event_files import Line

LONGEST_LINE = 2**20

Reader = Callable[[Iterator[bytes]], Iterator[Line]]
READERS: dict[str, Reader] = {
    "ndjson": ndjson.read_lines,
    "csv": csv_events.read_lines,
    "nova": openstack.read_lines,
    "focus": focus.read_lines,
}
_GZIP = b"\x1f\x8b"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CUT_OFF = (EOFError, gzip.BadGzipFile, zlib.error)
_DAMAGED = (
    "From here on the file cannot be read: it is cut off or damaged. Mend it and send it again; "
    "what was taken stands and comes back as duplicate."
)


def format_of(file: BinaryIO) -> str:
    """Return the format that the first line of a file [at its start, seekable] looks like.

    >>> format_of(io.BytesIO(b"type,source,id,time"))
    'csv'
    """
    try:
        first = next((line for line in Lines(file) if line.strip()), b"")
    except _CUT_OFF:
        first = b""
    file.seek(0)
    if first and not first.lstrip().startswith(b"{"):
        return "focus" if b"ChargePeriodStart" in first else "csv"
    is_cloud_event = b'"specversion"' in first
    is_notification = b'"event_type"' in first or b'"oslo.message"' in first
    return "nova" if is_notification and not is_cloud_event else "ndjson"


def read_file(file: BinaryIO, read: Reader) -> Iterator[Line]:
    """Yield the lines of a file [at its start, seekable] as a reader understands them.

    A file that is cut off or damaged yields its good lines, and then one that says so.
    """
    lines = Lines(file)
    try:
        yield from read(lines)
    except _CUT_OFF:
        yield lines.number + 1, Rejected("", "", _DAMAGED)


class Lines:
    """The lines of a file, unpacked and none much longer than LONGEST_LINE; `number` is that of the last."""

    def __init__(self, file: BinaryIO) -> None:
        self.number = 0
        packed = file.read(2) == _GZIP
        file.seek(0)
        # A buffer of its own: gzip's readline is several times slower.
        self._file = io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=file))) if packed else file

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        line = self._file.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        if len(line) > LONGEST_LINE:
            self._skip_rest(line)
        self.number += 1
        return line.removeprefix(_BYTE_ORDER_MARK) if self.number == 1 else line

    def _skip_rest(self, part: bytes) -> None:
        while part and not part.endswith(b"\n"):
            part = self._file.readline(LONGEST_LINE)
