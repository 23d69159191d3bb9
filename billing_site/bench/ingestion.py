"""How quickly events are taken in, beside a COPY of the finished rows into the same tables."""

from __future__ import annotations

import io
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Final, TypeVar
from uuid import uuid4

import httpx
import msgspec
from django.db import connection, transaction
from psycopg import sql
from rest_framework import serializers

from billing_site.bench.figures import Figure
from billing_site.bench.servers import measured_server
from billing_site.bench.timing import ROUNDS, Clock
from billing_site.common.base_models import uuid7
from billing_site.scenarios.databases import scenario_databases
from catalogue.models import Scope
from catalogue.services.api_keys import create_api_key
from catalogue.services.companies import open_company
from metering.adapters.files import READERS, read_file
from metering.models import EventIdentity, UsageEvent
from metering.services.event_files import ingest_lines
from metering.services.ingestion import MAX_EVENTS, Sender
from metering.services.partitions import ensure_month_partitions

EVENTS = 100_000
# An event costs too much there to send all of them.
_ONE_OF = 20
API_BATCH = 1_000
API_AT_LEAST = 0.35
FILE_AT_LEAST = 0.6
# As many connections as the server has workers, so that one batch is read while another is written.
CONNECTIONS = 2
_Line = TypeVar("_Line", str, bytes)
_NOW = datetime(2026, 3, 20, tzinfo=UTC)
_TABLES: Final = ("metering_eventidentity", "metering_usageevent")


def figures() -> list[Figure]:
    """Take in usage records with random ids through the API and from a file; medians of interleaved runs."""
    clock = Clock()
    with (
        scenario_databases() as databases,
        databases.copy(),
        measured_server(workers=CONNECTIONS) as base_url,
        ThreadPoolExecutor(CONNECTIONS) as threads,
    ):
        company = open_company(code="HQ", name="Head office", country="US", currency="USD", timezone="UTC")
        sender = Sender(company_id=company.pk, head_office_id=company.pk)
        key = create_api_key(name="bench", company=company, scopes=[Scope.EVENTS_WRITE])[1]
        ensure_month_partitions(first=date(2026, 3, 1), months=1)
        lines = [json.dumps(_event(number)) for number in range(EVENTS)]
        bodies = [f"[{','.join(batch)}]".encode() for batch in _batches(lines, API_BATCH)]
        file = io.BytesIO("\n".join(lines).encode())
        with httpx.Client(base_url=base_url, trust_env=False, timeout=60, headers=_headers(key)) as client:

            def api(status: str) -> None:
                for counts in threads.map(lambda body: _post(client, body), bodies):
                    if counts != {status: API_BATCH}:
                        raise AssertionError(f"{status} was expected, and the API answered {counts}.")

            few = lines[: EVENTS // _ONE_OF]
            _ingest_file(file, sender)
            finished = {size: _finished_batches(size) for size in (API_BATCH, MAX_EVENTS)}
            for _ in range(ROUNDS):
                for size, batches in finished.items():
                    _empty()
                    clock.take(f"COPY, {size:,} a batch", partial(_copy, batches))
                _empty()
                clock.take("API", lambda: api("accepted"))
                clock.take("API, known events", lambda: api("duplicate"))
                _empty()
                clock.take("file", lambda: _ingest_file(file, sender))
                clock.take("file, known events", lambda: _ingest_file(file, sender))
                _empty()
                clock.take(
                    "a DRF serializer an event", lambda: _ingest_by_serializer(few, sender), times=_ONE_OF
                )
    return [
        clock.at_least("API", f"COPY, {API_BATCH:,} a batch", API_AT_LEAST),
        clock.at_most("API, known events", "API", 1.0),
        clock.at_least("file", f"COPY, {MAX_EVENTS:,} a batch", FILE_AT_LEAST),
        clock.at_most("file, known events", "file", 1.0),
        clock.beside("a DRF serializer an event", f"COPY, {API_BATCH:,} a batch"),
    ]


def _event(number: int) -> dict[str, Any]:
    """A record of one of 10,000 resources, with an id as most senders make them."""
    time = _NOW - timedelta(seconds=number)
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "meters/eu-1",
        "type": "meridian.usage.recorded",
        "subject": f"vm-{number % 10_000:06}",
        "time": time.isoformat(),
        "data": {"sku": "NET-OUT", "quantity": f"{number % 997}.{number % 1000:03}", "unit": "GB"},
    }


def _batches(rows: list[_Line], size: int) -> list[list[_Line]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "Content-Type": "application/cloudevents-batch+json"}


def _post(client: httpx.Client, body: bytes) -> dict[str, int]:
    """Send a batch and read each event's result."""
    answer = client.post("/api/v1/events", content=body)
    answer.raise_for_status()
    report = msgspec.json.decode(answer.content)
    return dict(Counter(result["status"] for result in report["results"]))


def _ingest_file(file: io.BytesIO, sender: Sender) -> None:
    file.seek(0)
    for batch in ingest_lines(
        read_file(file, READERS["ndjson"]), sender=sender, channel="bench", now=lambda: _NOW
    ):
        if batch.problems:
            raise AssertionError(f"A line was not taken: {batch.problems[0]}")


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE metering_eventidentity, metering_usageevent, metering_ingestbatch")


def _finished_batches(size: int) -> list[list[bytes]]:
    """The rows as they were stored, as the text that COPY takes: one a table for each batch."""
    tables = []
    for table in _TABLES:
        query = sql.SQL("COPY (SELECT * FROM {} ORDER BY uid) TO STDOUT").format(sql.Identifier(table))
        with connection.cursor() as cursor, cursor.copy(query) as copy:
            lines = b"".join(copy).splitlines(keepends=True)
        tables.append([b"".join(batch) for batch in _batches(lines, size)])
    return [list(batch) for batch in zip(*tables, strict=True)]


def _copy(batches: list[list[bytes]]) -> None:
    for batch in batches:
        with transaction.atomic(), connection.cursor() as cursor:
            for table, text in zip(_TABLES, batch, strict=True):
                with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                    copy.write(text)


class _Record(serializers.Serializer[Any]):
    """A usage record as most Django projects would read it."""

    event_id = serializers.CharField(max_length=200)
    sender = serializers.CharField(max_length=200)
    subject = serializers.CharField(max_length=200)
    time = serializers.DateTimeField()
    sku = serializers.CharField(max_length=120)
    quantity = serializers.DecimalField(max_digits=38, decimal_places=12)
    unit = serializers.CharField(max_length=60)


def _ingest_by_serializer(lines: list[str], sender: Sender) -> None:
    for batch in _batches(lines, API_BATCH):
        identities, events = [], []
        for line in batch:
            sent = json.loads(line)
            record = _Record(data={**sent, **sent["data"], "event_id": sent["id"], "sender": sent["source"]})
            record.is_valid(raise_exception=True)
            read = record.validated_data
            identity = {
                "source": read["sender"],
                "event_id": read["event_id"],
                "time": read["time"],
                "uid": uuid7(),
            }
            content_hash = sha256(json.dumps(sent, sort_keys=True).encode()).digest()
            identities.append(
                EventIdentity(**identity, head_office_id=sender.head_office_id, content_hash=content_hash)
            )
            events.append(
                UsageEvent(
                    **identity,
                    sku=read["sku"],
                    quantity=read["quantity"],
                    unit=read["unit"],
                    batch_id=1,
                    head_office_id=sender.head_office_id,
                    company_id=sender.company_id,
                    received_at=_NOW,
                    resource=read["subject"],
                    payload=sent,
                )
            )
        with transaction.atomic():
            EventIdentity.objects.bulk_create(identities)
            UsageEvent.objects.bulk_create(events)
