"""Events in JSON, one a line: CloudEvents 1.0 as the API takes them."""

from collections.abc import Iterator

from metering.domain.cloud_events import read_event
from metering.services.event_files import Line


def read_lines(lines: Iterator[bytes]) -> Iterator[Line]:
    """Yield the event of each line that is not empty."""
    for number, line in enumerate(lines, start=1):
        if text := line.strip():
            yield number, read_event(text)
