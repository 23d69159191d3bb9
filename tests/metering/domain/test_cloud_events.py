import json
from decimal import Decimal

import pytest

from metering.domain.cloud_events import MalformedBatch, read_event, read_events, without_endless_numbers
from metering.domain.incoming_events import IncomingEvent, Rejected


def usage(quantity="1", **other):
    return {
        "specversion": "1.0",
        "id": "u-1",
        "source": "meters",
        "type": "meridian.usage.recorded",
        "time": "2026-03-01T00:00:00Z",
        "data": {"account": "acme", "sku": "NET", "quantity": quantity} | other,
    }


def read(event):
    return read_event(json.dumps(event).encode())


LONG = "12345678901234567890123456.123456789012"


@pytest.mark.parametrize(
    "quantity", ["0", "-0", 7, "1e3", "1E+20", LONG, "1.0000000000000000000000", "0E-30"]
)
def test_quantities_that_the_column_holds(quantity):
    assert read(usage(quantity)).quantity == Decimal(quantity)


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        ("-1", "below 0"),
        ("-0.000000000001", "below 0"),
        ("0.0000000000001", "after the point"),
        ("1.00000000000000000000000000001", "after the point"),
        ("1e26", "before"),
        ("1e999999999", "before"),
        ("1e-999999999", "after the point"),
        ("1e99999999999999999999", "is not a number"),
        ("NaN", "is not a number"),
        ("Infinity", "is not a number"),
        ("one", "is not a number"),
        (1.5, "got `float`"),
    ],
)
def test_quantities_that_it_does_not(quantity, words):
    refused = read(usage(quantity))
    assert isinstance(refused, Rejected)
    assert words in refused.detail


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", "1.0"),
        ("1000", "1e3"),
        ("0", "-0"),
        ("0", "0.000"),
        ("0.5", "0.50"),
        ("1e20", "100000000000000000000"),
    ],
)
def test_content_is_compared_by_value(one, other):
    assert read(usage(one)).content_hash == read(usage(other)).content_hash


def test_quantities_of_38_digits_differ_in_the_last_one():
    assert read(usage(LONG)).content_hash != read(usage(LONG[:-1] + "3")).content_hash


def test_nested_without_end_is_refused_by_itself():
    deep = b"[" * 900 + b"]" * 900
    text = json.dumps(usage(note="HERE")).encode().replace(b'"HERE"', deep)
    assert isinstance(read_event(text), IncomingEvent | Rejected)
    deeper = text.replace(deep, b"[" * 90_000 + b"]" * 90_000)
    assert "recursion" in read_event(deeper).detail
    with pytest.raises(MalformedBatch, match="recursion"):
        read_events(b"[" + deeper + b"]")


@pytest.mark.parametrize("number", ["1e200000", "-1e-200000", "1" * 2000, "1e9999999999999999999999"])
def test_a_number_without_end_is_found(number):
    event = read_event(json.dumps(usage(note="HERE")).encode().replace(b'"HERE"', number.encode()))
    assert isinstance(event, IncomingEvent)
    refused = without_endless_numbers(event)
    assert isinstance(refused, Rejected)
    assert refused.id == "u-1"
    assert "digits" in refused.detail


def test_other_numbers_are_left_alone():
    event = read(usage(note=[1, 1.5, -2e300, "1e200000", 10**300]))
    assert without_endless_numbers(event) is event


def test_what_an_event_was_made_of_is_its_payload_and_holds_no_nul():
    event = json.dumps(usage()).encode()
    assert read_event(event, sent=b'{"row": 1}').payload == '{"row": 1}'
    assert "NUL" in read_event(event, sent=b'{"row": "\\u0000"}').detail
