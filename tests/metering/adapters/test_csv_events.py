import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from metering.adapters.csv_events import COLUMNS, UnknownColumns, read_lines
from metering.adapters.files import read_file
from metering.domain.cloud_events import read_event
from metering.domain.incoming_events import IncomingEvent, Item, Rejected

NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)


def read(text):
    content = text if isinstance(text, bytes) else text.encode()
    return list(read_file(io.BytesIO(content), read_lines))


def test_rows_of_lifecycle_and_usage_say_what_their_cloud_events_say():
    found = read(
        "type,source,id,time,resource,account,items,sequence,sku,quantity,unit,until,voids\n"
        'created,orders,e1,2026-03-01T09:00:00Z,"vm, 1",acme,CPU=2;RAM = 0.5;LICENCE,-3,,,,,\n'
        "created,orders,e2,2026-03-01T09:00:00Z,vm2,acme,,,,,,,\n"
        "stopped,orders,e3,2026-03-01T10:00:00+01:00,vm2,,,,,,,,\n"
        "usage,meters,u1,2026-03-01T09:00:00Z,vm2,,,,NET,1.5,GB,2026-03-01T10:00:00Z,\n"
        "void,meters,u2,2026-03-01T09:00:00Z,,,,,,,,,u1\n"
    )
    by_number = dict(found)
    assert list(by_number) == [2, 3, 4, 5, 6]
    items = (Item("CPU", Decimal(2)), Item("RAM", Decimal("0.5")), Item("LICENCE", Decimal(1)))
    expected = [
        IncomingEvent("orders", "e1", "created", "vm, 1", NINE, "", "acme", -3, items),
        IncomingEvent("orders", "e2", "created", "vm2", NINE, "", "acme", 0, ()),
        IncomingEvent("orders", "e3", "stopped", "vm2", NINE, ""),
        IncomingEvent(
            *("meters", "u1", "usage", "vm2", NINE, ""),
            sku="NET",
            quantity=Decimal("1.5"),
            unit="GB",
            until=datetime(2026, 3, 1, 10, tzinfo=UTC),
        ),
        IncomingEvent("meters", "u2", "void", "", NINE, "", voids="u1"),
    ]
    assert [event.content_hash for event in by_number.values()] == [event.content_hash for event in expected]
    assert [event.identity for event in by_number.values()] == [event.identity for event in expected]


def test_the_payload_is_the_cloud_event_that_the_row_stands_for():
    ((_, event),) = read("id,type,source,time,resource\ne1,started,orders,2026-03-01T09:00:00Z,vm\n")
    assert json.loads(event.payload)["type"] == "meridian.resource.started"
    assert read_event(event.payload.encode()) == event


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("usage,m,u,2026-03-01T09:00:00Z,vm,NET,-1,", "below 0"),
        ("usage,m,u,2026-03-01T09:00:00Z,vm,NET,1;5,", "is not a number"),
        ("usage,m,u,2026-03-01T09:00:00,vm,NET,1,", "has no zone"),
        ("usage,m,u,01.03.2026,vm,NET,1,", "not an ISO 8601 instant"),
        ("usage,m,,2026-03-01T09:00:00Z,vm,NET,1,", "must not be empty"),
        ("created,m,u,2026-03-01T09:00:00Z,vm,,,", "needs data.account"),
        ("bought,m,u,2026-03-01T09:00:00Z,vm,,,", "type 'bought' is not known"),
        ("started,m,u,2026-03-01T09:00:00Z,vm,,,one", "Expected `int`, got `str`"),
        ("started,m,u,2026-03-01T09:00:00Z,vm,,,99999999999999999999", "Expected `int`, got `str`"),
        ("usage,m,u,2026-03-01T09:00:00Z,vm,NET", "has 6 cells, and the heading has 8"),
        ("usage,m,u,2026-03-01T09:00:00Z,vm,N\x00T,1,", "NUL"),
        (f"usage,m,u,2026-03-01T09:00:00Z,vm,{'x' * 200_000},1,", "field larger than field limit"),
        (b"usage,m,u,2026-03-01T09:00:00Z,vm,caf\xe9,1,", "not UTF-8"),
    ],
)
def test_a_bad_row_is_told_and_the_ones_around_it_stand(row, words):
    good = b"started,m,%d,2026-03-01T09:00:00Z,vm,,,7"
    content = row if isinstance(row, bytes) else row.encode()
    heading = b"type,source,id,time,resource,sku,quantity,sequence"
    found = read(b"\n".join([heading, good % 1, content, good % 2]))
    assert [number for number, _ in found] == [2, 3, 4]
    refused = found[1][1]
    assert isinstance(refused, Rejected)
    assert words in refused.detail
    assert [found[0][1].id, found[2][1].id] == ["1", "2"]


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("type,source,id,time,colour", "'colour' is not known"),
        ("type,source,id", "time is missing"),
        ("type,source,id,time,time", "name each column once"),
        ("", "type, source, id, time is missing"),
    ],
)
def test_a_heading_that_says_too_little_refuses_the_file(heading, words):
    with pytest.raises(UnknownColumns, match=words):
        read(heading + "\n")


def test_columns_may_stand_in_any_order_and_case():
    ((_, event),) = read("Time,ID,Source,Type,Resource\n2026-03-01T09:00:00Z,e1,orders,started,vm\n")
    assert event.identity == ("orders", "e1")
    assert set(COLUMNS) >= {"time", "id", "source", "type", "resource"}
