"""What runs, and when it was in which state for whom."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from billing_site.common.base_models import QuantityField
from catalogue.models import Company


class Resource(models.Model):
    """One row is a resource of a head office's cloud, known by the name that events give as `subject`."""

    class State(models.TextChoices):
        ACTIVE = "active"
        SUSPENDED = "suspended"
        STOPPED = "stopped"
        ENDED = "ended"

    head_office = models.ForeignKey(Company, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    account_id = models.BigIntegerField(null=True, help_text="Who has it now, or had it last.")
    state = models.CharField(max_length=10, choices=State)
    created_at = models.DateTimeField(help_text="From its `created` event.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["head_office", "name"], name="resource_known_once")]
        indexes = [models.Index(fields=["account_id"], name="resource_by_account")]

    def __str__(self) -> str:
        return self.name


class ResourceInterval(models.Model):
    """One row is a stretch `[started_at, ended_at)` of a resource's life with one state, account and items.

    What is known now; what was known at a cut-off is computed from the events received by then.
    """

    pk = models.CompositePrimaryKey("resource_id", "started_at")
    resource_id = models.BigIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="Empty: still so.")
    account_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=Resource.State)
    product_ids = ArrayField(models.BigIntegerField())
    quantities = ArrayField(QuantityField(), help_text="One for each product.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="resource_interval_ends_after_start",
                condition=Q(ended_at=None) | Q(ended_at__gt=F("started_at")),
            ),
        ]
        indexes = [models.Index(fields=["account_id", "started_at"], name="interval_by_account")]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.state} from {self.started_at}"
