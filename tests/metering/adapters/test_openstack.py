import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from catalogue.models import Company, Product
from catalogue.services.accounts import open_account
from metering.adapters.openstack import LIFECYCLE, SOURCE, parts, read_lines, read_notification
from metering.domain.incoming_events import IncomingEvent, Item, Rejected
from metering.models import EventException, Resource, ResourceInterval
from metering.services.event_files import ingest_lines
from metering.services.ingestion import Sender
from metering.services.mediation import mediate_waiting
from tests.data.nova import encoded, enveloped, on_the_wire, samples

NINE = datetime(2026, 3, 1, 9, 30, 0, 250_000, tzinfo=UTC)
UUID, PROJECT = "178b0921-8f85-4257-88b6-2e743b5a975c", "6f70656e737461636b20342065766572"


def read(notification, **options):
    return read_notification(json.dumps(notification).encode(), **options)


def test_a_notification_is_known_by_its_message_and_tells_who_what_and_when():
    notification = on_the_wire("instance-create-end", NINE)
    event = read(notification)
    assert (event.source, event.id) == (SOURCE, notification["message_id"])
    assert (event.type, event.subject, event.account, event.time) == ("created", UUID, PROJECT, NINE)
    assert event.items == (Item("test_flavor", Decimal(1)),)
    assert json.loads(event.payload) == notification


def test_its_envelope_makes_no_difference_but_to_the_payload():
    notification = on_the_wire("instance-create-end", NINE)
    event = read(enveloped(notification))
    assert event.content_hash == read(notification).content_hash
    assert json.loads(event.payload)["oslo.version"] == "2.0"


def test_a_flavor_can_be_billed_by_its_parts():
    flavor = {
        "nova_object.data": {"name": "m1", "vcpus": 4, "memory_mb": 1536, "root_gb": 20, "ephemeral_gb": 5}
    }
    event = read(on_the_wire("instance-create-end", NINE, flavor=flavor), items=parts())
    expected = (Item("VCPU", Decimal(4)), Item("RAM-GIB", Decimal("1.5")), Item("DISK-GIB", Decimal(25)))
    assert event.items == expected


@pytest.mark.parametrize("sample", samples())
def test_every_sample_is_billing_or_nothing(sample):
    notification = on_the_wire(sample, NINE)
    event = read(notification)
    silent = sample in ("instance-delete-end_not_scheduled", "instance-shelve_offload-end")
    expected = None if silent else LIFECYCLE.get(notification["event_type"])
    assert (event.type if event else None) == expected


def test_an_instance_that_boots_from_a_volume_is_shelved_when_it_is_offloaded():
    assert read(on_the_wire("instance-shelve_offload-end", NINE, image_uuid="")).type == "stopped"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"message_id": ""}, "id and source must not be empty"),
        ({"timestamp": "yesterday"}, "not an ISO 8601 instant"),
        ({"timestamp": ""}, "not an ISO 8601 instant"),
        ({"payload": {}}, "no notification of Nova"),
        ({"payload": None}, "no notification of Nova"),
        ({"event_type": 7}, "no notification of Nova"),
        ({"oslo.message": "{"}, "no notification of Nova"),
    ],
)
def test_what_cannot_be_read_is_refused(change, words):
    refused = read(on_the_wire("instance-create-end", NINE) | change)
    assert isinstance(refused, Rejected)
    assert words in refused.detail


STORY = [
    ("instance-create-end", "active"),
    ("instance-pause-end", "suspended"),
    ("instance-unpause-end", "active"),
    ("instance-suspend-end", "suspended"),
    ("instance-resume-end", "active"),
    ("instance-power_off-end", "stopped"),
    ("instance-power_on-end", "active"),
    ("instance-resize_finish-end", "active"),
    ("instance-resize_revert-end", "active"),
    ("instance-shelve-end", "stopped"),
    ("instance-unshelve-end", "active"),
    ("instance-soft_delete-end", "stopped"),
    ("instance-restore-end", "active"),
    ("instance-delete-end", None),
]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_the_samples_in_any_order_tell_a_life(seed):
    company = Company.objects.create(
        code="us", name="us", country="US", currency_id="USD", number_prefix="US", timezone="UTC"
    )
    open_account(code=PROJECT, company=company)
    skus = {}
    for sku in ("test_flavor", "other_flavor"):
        skus[Product.objects.create(sku=sku, unit="hour", kind="time").pk] = sku
    told = [on_the_wire(sample, NINE + timedelta(hours=hour)) for hour, (sample, _) in enumerate(STORY)]
    billing = {sample for sample, _ in STORY} | {
        "instance-delete-end_compute_down",
        "instance-power_on_share-end",
    }
    noise = [
        on_the_wire(sample, NINE + timedelta(minutes=10 * number))
        for number, sample in enumerate(sorted(samples().keys() - billing))
    ]
    stream = [*told, *told[::3], *noise]
    Random(seed).shuffle(stream)
    (outcome,) = ingest_lines(
        read_lines(encoded(stream)),
        sender=Sender(company.pk, company.pk),
        channel="test",
        now=lambda: NINE + timedelta(days=1),
    )
    assert outcome.counts == {"accepted": 14, "duplicate": 5, "skipped": len(noise)}
    mediate_waiting(now=NINE + timedelta(days=1))
    assert not EventException.objects.exists()
    assert Resource.objects.get().state == "ended"
    intervals = [
        (row.started_at, row.ended_at, row.state, [skus[key] for key in row.product_ids])
        for row in ResourceInterval.objects.order_by("started_at")
    ]
    assert intervals == [
        (
            NINE + timedelta(hours=hour),
            NINE + timedelta(hours=hour + 1),
            state,
            ["other_flavor" if sample == "instance-resize_finish-end" else "test_flavor"],
        )
        for hour, (sample, state) in enumerate(STORY[:-1])
    ]
    assert all(isinstance(event, IncomingEvent | None) for _, event in read_lines(encoded(stream)))
