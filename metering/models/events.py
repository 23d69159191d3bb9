"""What the order-streaming application and the meters sent, for ever.

Bulk tables: no foreign keys; mediation and reconciliation prove the references.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from billing_site.common.base_models import QuantityField, uuid7


class IngestBatch(models.Model):
    """One row is an accepted batch of events: the outbox that mediation takes its work from.

    Rows are taken by lock, never by "id > last seen", so a batch whose commit comes late is not lost.
    """

    head_office_id = models.BigIntegerField(help_text="Whose resources the events are about.")
    received_at = models.DateTimeField()
    channel = models.CharField(max_length=20, help_text="api, file, scenario.")
    event_count = models.PositiveIntegerField()
    mediated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "ingest batches"
        indexes = [
            models.Index(fields=["id"], condition=Q(mediated_at=None), name="ingest_batch_waiting"),
        ]

    def __str__(self) -> str:
        return f"batch {self.pk} of {self.event_count}"


class EventIdentity(models.Model):
    """One row is an event known for ever by (source, id) under a head office, with its content's hash."""

    pk = models.CompositePrimaryKey("head_office_id", "source", "event_id")
    head_office_id = models.BigIntegerField()
    source = models.CharField(max_length=200)
    event_id = models.CharField(max_length=200)
    uid = models.UUIDField(help_text="Of the event's row.")
    time = models.DateTimeField(help_text="Of the event's row: names its partition.")
    content_hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "event identities"

    def __str__(self) -> str:
        return f"{self.source} {self.event_id}"


class Event(models.Model):
    """What every event has, in the words of CloudEvents."""

    uid = models.UUIDField(primary_key=True, default=uuid7)
    batch_id = models.BigIntegerField()
    head_office_id = models.BigIntegerField()
    company_id = models.BigIntegerField(help_text="The company of the key that sent it.")
    source = models.CharField(max_length=200)
    event_id = models.CharField(max_length=200)
    time = models.DateTimeField()
    received_at = models.DateTimeField()
    account = models.CharField(max_length=60, blank=True, help_text="The account's code, where it names one.")
    payload = models.JSONField(null=True, help_text="The event as sent.")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.source} {self.event_id}"


class LifecycleEvent(Event):
    """One row is a change in a resource's life."""

    class Type(models.TextChoices):
        """In the order in which events of the same instant and sequence are taken."""

        CREATED = "created"
        STARTED = "started"
        SUSPENDED = "suspended"
        RESUMED = "resumed"
        STOPPED = "stopped"
        RESIZED = "resized"
        TRANSFERRED = "transferred"
        DECOMMISSIONED = "decommissioned"

    resource = models.CharField(max_length=200)
    type = models.CharField(max_length=20, choices=Type)
    sequence = models.BigIntegerField(default=0)
    items = models.JSONField(null=True, help_text='[{"sku": "VM", "quantity": "1"}] of created and resized.')

    class Meta:
        indexes = [
            models.Index(fields=["head_office_id", "resource", "time"], name="lifecycle_event_by_resource"),
            models.Index(fields=["batch_id"], name="lifecycle_event_by_batch"),
            BrinIndex(fields=["received_at"], name="lifecycle_event_received"),
        ]


class UsageEvent(Event):
    """One row is a usage record, or a void that withdraws one (`voids`: the id of the same source)."""

    resource = models.CharField(max_length=200, blank=True)
    until = models.DateTimeField(null=True)
    sku = models.CharField(max_length=120, blank=True)
    quantity = QuantityField(null=True)
    unit = models.CharField(max_length=60, blank=True, help_text="As sent; empty: the product's own.")
    voids = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="usage_event_measures_or_voids",
                condition=Q(voids="", quantity__gte=0) | (~Q(voids="") & Q(quantity=None)),
            ),
            models.CheckConstraint(
                name="usage_event_ends_after_it_starts", condition=Q(until=None) | Q(until__gt=F("time"))
            ),
        ]
        indexes = [
            models.Index(fields=["head_office_id", "resource", "time"], name="usage_event_by_resource"),
            models.Index(fields=["account", "time"], name="usage_event_by_account", condition=Q(resource="")),
            models.Index(fields=["batch_id"], name="usage_event_by_batch"),
            models.Index(
                fields=["head_office_id", "source", "voids"], condition=~Q(voids=""), name="usage_event_voids"
            ),
            models.Index(
                fields=["head_office_id", "resource", "until"],
                condition=Q(until__isnull=False),
                name="usage_event_until",
            ),
            BrinIndex(fields=["received_at"], name="usage_event_received"),
            BrinIndex(fields=["until"], name="usage_event_reaches"),
        ]
