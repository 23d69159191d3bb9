"""The monthly act of billing a company's accounts."""

from django.db import models
from django.db.models import Q

from catalogue.models import Account, Company


class BillRun(models.Model):
    """One row is the billing of a company's month: what was received by `cutoff` counts."""

    class State(models.TextChoices):
        REQUESTED = "requested", "waits for a worker"
        ISSUED = "issued", "issued"

    company = models.ForeignKey(Company, models.PROTECT, related_name="bill_runs")
    month = models.DateField(help_text="The first day of the billing month.")
    cutoff = models.DateTimeField(help_text="What was received later is late.")
    issued_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)

    class Meta:
        ordering = ["-month", "company", "-id"]
        constraints = [
            models.CheckConstraint(name="bill_run_month_is_first", condition=Q(month__day=1)),
            models.UniqueConstraint(fields=["company", "month"], name="bill_run_once_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.company.code} {self.month:%Y-%m}"


class BillRunAccount(models.Model):
    """One row is what a bill run did with an account."""

    class State(models.TextChoices):
        ISSUED = "issued", "issued"
        NOTHING_TO_BILL = "nothing_to_bill", "nothing to bill"
        PARKED = "parked", "parked"

    bill_run = models.ForeignKey(BillRun, models.CASCADE, related_name="accounts")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=State)
    reason = models.TextField(blank=True, help_text="Why it is parked, and what to do.")

    class Meta:
        ordering = ["bill_run", "account"]
        constraints = [
            models.UniqueConstraint(fields=["bill_run", "account"], name="bill_run_account_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account.code}: {self.state}"
