import json
import socket

import pytest

from billing_site.demo.cloud_events import lifecycle_event
from billing_site.demo.delivery import BatchRefused, Retry, StreamUnreachable, connect, send
from tests.billing_site.demo.events_server import Answer, events_server

EVENTS = [
    lifecycle_event(
        id=f"e{number}",
        source="demo/orders",
        type="suspended",
        time="2023-09-01T00:00:00Z",
        resource="東京-1",
    )
    for number in range(5)
]


def sent(server, events=EVENTS, *, waits=None, batch_size=1_000, attempts=4):
    waits = [] if waits is None else waits
    with connect(server.url, "key-1") as client:
        return list(
            send(
                client,
                events,
                batch_size=batch_size,
                retry=Retry(attempts=attempts, first_wait=1, longest_wait=8),
                sleep=waits.append,
            )
        )


def test_batches_are_cut_in_order_and_say_who_sends_what():
    with events_server() as server:
        batches = sent(server, batch_size=2)
    assert [[event["id"] for event in json.loads(body)] for body in server.bodies] == [
        ["e0", "e1"],
        ["e2", "e3"],
        ["e4"],
    ]
    assert [dict(batch.counts) for batch in batches] == [{"accepted": 2}, {"accepted": 2}, {"accepted": 1}]
    assert server.headers[0]["path"] == "/api/v1/events"
    assert server.headers[0]["Authorization"] == "Bearer key-1"
    assert server.headers[0]["Content-Type"] == "application/cloudevents-batch+json"
    assert json.loads(server.bodies[0])[0] == EVENTS[0]


def test_nothing_to_send_sends_nothing():
    with events_server() as server:
        assert sent(server, []) == []
    assert server.bodies == []


def test_a_lost_answer_is_mended_by_sending_the_same_bytes_again():
    with events_server(Answer(lose=True)) as server:
        (batch,) = sent(server)
    assert batch.attempts == 2
    assert dict(batch.counts) == {"duplicate": 5}
    assert server.bodies[0] == server.bodies[1]
    assert len(server.stored) == 5


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_what_may_pass_is_tried_again(status):
    with events_server(Answer(status), Answer(status)) as server:
        (batch,) = sent(server)
    assert batch.attempts == 3
    assert dict(batch.counts) == {"accepted": 5}


def test_waits_grow_to_a_bound_and_obey_the_server_within_it():
    waits: list[float] = []
    busy = Answer(503)
    with events_server(busy, Answer(429, headers={"Retry-After": "3"}), busy, busy, busy) as server:
        sent(server, waits=waits, attempts=6)
    first, asked, *later = waits
    assert 0 <= first <= 1
    assert asked == 3
    assert [wait <= bound for wait, bound in zip(later, (4, 8, 8), strict=True)] == [True, True, True]
    assert Retry(longest_wait=8).wait(1, retry_after=3_600) == 8


def test_a_retry_after_that_is_a_date_is_left_aside():
    waits: list[float] = []
    with events_server(Answer(503, headers={"Retry-After": "Fri, 01 Sep 2023 00:00:00 GMT"})) as server:
        sent(server, waits=waits)
    assert waits[0] <= 1


def test_it_gives_up_with_a_sentence_after_the_last_attempt():
    waits: list[float] = []
    with (
        events_server(*[Answer(503, body=b"the database starts")] * 4) as server,
        pytest.raises(StreamUnreachable, match=r"in 4 attempts \(last: 503: the database starts\)"),
    ):
        sent(server, waits=waits)
    assert len(server.bodies) == 4
    assert len(waits) == 3


def test_an_address_where_nobody_listens_is_unreachable():
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        with (
            connect(f"http://127.0.0.1:{port}", "key-1") as client,
            pytest.raises(StreamUnreachable, match="ConnectError"),
        ):
            list(send(client, EVENTS, retry=Retry(attempts=2), sleep=lambda _: None))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_a_refusal_is_final_and_tells_the_detail_of_the_problem(status):
    problem = json.dumps(
        {"title": "No", "status": status, "detail": "This key expired on 2023-08-31."}
    ).encode()
    with (
        events_server(Answer(status, body=problem, content_type="application/problem+json")) as server,
        pytest.raises(BatchRefused, match=rf"5 events with {status}: This key expired on 2023-08-31\."),
    ):
        sent(server)
    assert len(server.bodies) == 1


def test_a_strangers_error_page_is_quoted_shortly():
    with (
        events_server(Answer(404, body=b"<h1>nginx</h1>" * 100, content_type="text/html")) as server,
        pytest.raises(BatchRefused) as refused,
    ):
        sent(server)
    assert "<h1>nginx</h1>" in str(refused.value)
    assert len(str(refused.value)) < 300


def test_what_was_answered_before_a_refusal_stands():
    with events_server(Answer(), Answer(403)) as server, connect(server.url, "key-1") as client:
        stream = send(client, EVENTS, batch_size=3, sleep=lambda _: None)
        assert dict(next(stream).counts) == {"accepted": 3}
        with pytest.raises(BatchRefused):
            next(stream)


def test_each_event_has_its_own_result():
    changed = EVENTS[1] | {"time": "2023-09-02T00:00:00Z"}
    with events_server() as server:
        server.rejected_ids = {"e4"}
        sent(server, EVENTS[:2])
        (batch,) = sent(server, [EVENTS[0], changed, EVENTS[2], EVENTS[4]])
    assert [(result.id, result.status) for result in batch.results] == [
        ("e0", "duplicate"),
        ("e1", "conflict"),
        ("e2", "accepted"),
        ("e4", "rejected"),
    ]
    assert batch.results[3].detail == "rejected it is"


@pytest.mark.parametrize(
    "body", [b"hello", b"[]", b"{}", b'{"results": [1]}', b'{"results": [{"id": "e0"}]}']
)
def test_an_answer_that_is_no_list_of_results_is_refused(body):
    with events_server(Answer(body=body)) as server, pytest.raises(BatchRefused, match="no list of results"):
        sent(server)


def test_an_answer_for_other_events_is_refused():
    other = {"results": [{"id": "x", "source": "demo/orders", "status": "accepted"}]}
    with (
        events_server(Answer(body=json.dumps(other).encode())) as server,
        pytest.raises(BatchRefused, match="answered for 1 events that are not the 5 sent"),
    ):
        sent(server)


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "http://127.0.0.1:80x"])
def test_a_wrong_address_is_not_tried_again(url):
    waits: list[float] = []
    with pytest.raises(BatchRefused, match="address"), connect(url, "key-1") as client:
        list(send(client, EVENTS, sleep=waits.append))
    assert waits == []


def test_a_key_with_a_line_end_is_not_tried_again():
    waits: list[float] = []
    with (
        events_server() as server,
        connect(server.url, "key-1\n") as client,
        pytest.raises(BatchRefused, match="Check the address and the key"),
    ):
        list(send(client, EVENTS, sleep=waits.append))
    assert waits == []


def test_a_proxy_in_the_environment_is_not_asked(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with events_server() as server:
        assert len(sent(server)) == 1
