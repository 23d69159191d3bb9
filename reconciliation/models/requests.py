"""Reconciliations that somebody asked for."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from catalogue.models import Company
from reconciliation.models.runs import ReconciliationRun


class ReconciliationRequest(models.Model):
    """One row is somebody's wish to have days of a company compared at levels; a worker makes its runs."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    starts_on = models.DateField(help_text="The first day.")
    ends_on = models.DateField(help_text="The day after the last one.")
    levels = ArrayField(models.CharField(max_length=30, choices=ReconciliationRun.Level))
    tolerance = models.PositiveSmallIntegerField(
        default=0, help_text="By how many of the currency's smallest units an amount may differ."
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", help_text="Empty: a program."
    )
    requested_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="reconciliation_request_ends_after_start", condition=Q(ends_on__gt=F("starts_on"))
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(done_at=None), name="reconciliation_request_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.company.code} {self.starts_on} to {self.ends_on}"
