import gzip
import io
import json

import pytest

from metering.adapters.files import LONGEST_LINE, format_of, read_file
from metering.adapters.ndjson import read_lines
from metering.domain.incoming_events import IncomingEvent, Rejected


def line(number, **other):
    event = {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "orders",
        "type": "meridian.resource.started",
        "time": "2026-03-01T00:00:00Z",
        "subject": "vm",
    }
    return json.dumps(event | other).encode()


def read(content):
    return list(read_file(io.BytesIO(content), read_lines))


def test_each_line_is_an_event_by_its_number_and_empty_ones_are_none():
    found = read(b"\xef\xbb\xbf" + line(1) + b"\r\n\n  \n" + line(2))
    assert [(number, item.id) for number, item in found] == [(1, "e-1"), (4, "e-2")]


def test_a_packed_file_reads_the_same():
    content = b"\n".join(line(number) for number in range(5))
    assert read(gzip.compress(content)) == read(content)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (b"{", "truncated"),
        (b"[]", "Expected `object`"),
        (b"\xff", "invalid"),
        (b'{"a":' * 5000, "recursion"),
        (b'{"id": "' + b"x" * LONGEST_LINE + b'"}', "truncated"),
    ],
)
def test_a_bad_line_is_told_and_the_ones_around_it_stand(bad, words):
    first, (number, refused), last = read(b"\n".join([line(1), bad, line(3)]))
    assert isinstance(first[1], IncomingEvent)
    assert isinstance(refused, Rejected)
    assert (number, last[0]) == (2, 3)
    assert words in refused.detail
    assert isinstance(last[1], IncomingEvent)


def test_of_a_file_that_is_cut_off_what_came_before_stands():
    content = b"\n".join(line(number, subject=f"vm-{number * 7919 % 1000}") for number in range(1000))
    *whole, (number, refused) = read(gzip.compress(content)[:-2000])
    assert 0 < len(whole) < 1000
    assert number == len(whole) + 1
    assert refused.detail.startswith("From here on the file cannot be read")


@pytest.mark.parametrize(
    ("content", "format"),
    [
        (b"\n" + line(1), "ndjson"),
        (line(1, data={"event_type": "x"}), "ndjson"),
        (b'{"event_type": "instance.create.end"}', "nova"),
        (b'{"oslo.version": "2.0", "oslo.message": "{}"}', "nova"),
        (b"\xef\xbb\xbftype,source", "csv"),
        (b"BilledCost,ChargePeriodStart", "focus"),
        (b"", "ndjson"),
    ],
)
def test_the_first_line_tells_the_format(content, format):
    for file in (io.BytesIO(content), io.BytesIO(gzip.compress(content))):
        assert format_of(file) == format
        assert file.tell() == 0


def test_a_file_that_is_damaged_at_its_start_says_so():
    damaged = gzip.compress(line(1))[:15]
    assert format_of(io.BytesIO(damaged)) == "ndjson"
    ((number, refused),) = read(damaged)
    assert number == 1
    assert refused.detail.startswith("From here on")
