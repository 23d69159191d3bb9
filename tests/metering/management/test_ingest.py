import gzip
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalogue.models import Company
from metering.models import EventException, IngestBatch, LifecycleEvent, UsageEvent
from metering.services import event_files
from tests.data.derive import DATA

pytestmark = pytest.mark.django_db


@pytest.fixture
def head_office():
    return Company.objects.create(
        code="us", name="us", country="US", currency_id="USD", number_prefix="US", timezone="UTC"
    )


def event(number, **other):
    return {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "orders",
        "type": "meridian.resource.started",
        "time": "2026-03-01T00:00:00Z",
        "subject": "vm",
    } | other


def ndjson(path, *events):
    path.write_bytes(b"\n".join(json.dumps(event).encode() for event in events))
    return path


def ingest(path, **options):
    told = StringIO()
    call_command("ingest", path, stdout=told, **options)
    return told.getvalue()


def test_a_file_is_taken_in_and_counted(head_office, tmp_path):
    path = ndjson(tmp_path / "events.ndjson", event(1), event(2), event(1))
    assert ingest(path) == "events.ndjson: 2 accepted, 1 duplicate\n"
    batch = IngestBatch.objects.get()
    assert (batch.channel, batch.event_count, batch.head_office_id) == ("file", 2, head_office.pk)
    assert ingest(path) == "events.ndjson: 3 duplicate\n"


def test_bad_lines_are_told_the_good_ones_stand_and_the_command_fails(head_office, tmp_path):
    ingest(ndjson(tmp_path / "first.ndjson", event(1)))
    path = ndjson(
        tmp_path / "more.ndjson", event(2), event(3, specversion="2"), event(1, subject="other"), event(4)
    )
    told = StringIO()
    with pytest.raises(CommandError, match="2 lines were not taken"):
        call_command("ingest", path, stdout=told)
    rejected, conflict, counts = told.getvalue().splitlines()
    assert rejected.startswith("line 2: rejected orders e-3: specversion '2' is not known")
    assert conflict.startswith("line 3: conflict orders e-1: Another event")
    assert counts == "more.ndjson: 2 accepted, 1 conflict, 1 rejected"
    assert LifecycleEvent.objects.count() == 3
    assert EventException.objects.get().kind == "conflict"


def test_a_long_file_is_taken_in_by_batches(head_office, tmp_path, monkeypatch):
    monkeypatch.setattr(event_files, "MAX_EVENTS", 10)
    path = ndjson(tmp_path / "events.jsonl", *(event(number) for number in range(25)), event(3))
    assert ingest(path) == "events.jsonl: 25 accepted, 1 duplicate\n"
    assert list(IngestBatch.objects.order_by("id").values_list("event_count", flat=True)) == [10, 10, 5]


def test_a_packed_table_is_sent_for_a_sales_office(head_office, tmp_path):
    office = Company.objects.create(
        code="de", name="de", country="DE", currency_id="EUR", number_prefix="DE", parent=head_office
    )
    path = tmp_path / "usage.csv.gz"
    path.write_bytes(
        gzip.compress(
            b"type,source,id,time,account,sku,quantity\nusage,meters,u1,2026-03-01T00:00:00Z,acme,NET,1.5\n"
        )
    )
    assert ingest(path, company="de") == "usage.csv.gz: 1 accepted\n"
    stored = UsageEvent.objects.get()
    assert (stored.company_id, stored.head_office_id) == (office.pk, head_office.pk)


def test_notifications_of_nova_may_be_billed_by_parts(head_office, tmp_path):
    with gzip.open(DATA / "nova_versioned_notifications.ndjson.gz", "rt", encoding="utf-8") as lines:
        created = next(line for line in lines if '"instance.create.end"' in line)
    wired = json.loads(created) | {"message_id": "m-1", "timestamp": "2026-03-01 09:00:00.000000"}
    path = ndjson(tmp_path / "nova.log", wired, {"event_type": "instance.exists", "payload": {}})
    assert ingest(path, items="parts") == "nova.log: 1 accepted, 1 skipped\n"
    items = LifecycleEvent.objects.get().items
    assert [item["sku"] for item in items] == ["VCPU", "RAM-GIB", "DISK-GIB"]


def test_a_bill_of_another_provider_gives_its_price_list(tmp_path):
    told = ingest(DATA / "focus_real_raw.csv.gz", price_list=True)
    heading, first, *_ = told.splitlines()
    assert heading == "sku,name,family,category,provider,region,unit,kind,cost_usd"
    assert first.startswith("AWS 2ETY8Y426S4237JU.JRTCKXETXF.6YS6EN2CT7 LCU-Hours@0.008,")
    assert first.endswith(",LCU-Hours,usage,0.008")


@pytest.mark.parametrize(
    ("name", "company", "words"),
    [("gone.ndjson", "us", "cannot be read: No such file"), ("a.csv", "fr", "There is no company fr")],
)
def test_what_cannot_be_done_is_said_in_a_sentence(head_office, tmp_path, name, company, words):
    (tmp_path / "a.csv").write_text("type,source,id,time\n")
    with pytest.raises(CommandError, match=words):
        ingest(tmp_path / name, company=company)


def test_a_heading_that_is_not_known_takes_nothing(head_office, tmp_path):
    (tmp_path / "a.csv").write_text("type,source,id,when\n")
    with pytest.raises(CommandError, match="'when' is not known; time is missing"):
        ingest(tmp_path / "a.csv")


def test_an_empty_file_holds_no_events(head_office, tmp_path):
    assert ingest(ndjson(tmp_path / "a.ndjson")) == "a.ndjson: no events\n"
