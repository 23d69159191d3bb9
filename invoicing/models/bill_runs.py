"""The monthly act of billing a company's accounts."""

from django.db import models
from django.db.models import Q

from catalogue.models import Account, Company, User
from invoicing.domain.bill_run_states import STATES


class BillRunPolicy(models.Model):
    """One row says how a company's months are billed; without it, as its defaults."""

    company = models.OneToOneField(Company, models.CASCADE, related_name="bill_run_policy")
    billing_day = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Day of the month, 2 to 28, on which the month before is billed; what was received by its "
        "first instant counts. Empty: somebody starts each run.",
    )
    is_automatic = models.BooleanField(
        "issues by itself", default=False, help_text="Runs of the billing day are issued without a person."
    )
    needs_approval = models.BooleanField(
        default=False, help_text="Somebody else than who started a run must have it issued."
    )
    stops_on_warnings = models.BooleanField(
        default=False, help_text="A run with warnings waits for a person, before it drafts or issues."
    )
    parks_incomplete = models.BooleanField(
        default=False,
        help_text="Accounts without an address are parked; else they are issued with a warning.",
    )

    class Meta:
        ordering = ["company"]
        verbose_name_plural = "bill run policies"
        constraints = [
            models.CheckConstraint(
                name="bill_run_policy_day",
                condition=Q(billing_day=None) | Q(billing_day__gte=2, billing_day__lte=28),
                violation_error_message="The billing day lies from 2 to 28.",
            ),
            models.CheckConstraint(
                name="bill_run_policy_by_itself_or_approved",
                condition=Q(is_automatic=False) | Q(needs_approval=False),
                violation_error_message="A run either issues by itself or needs an approval.",
            ),
        ]

    def __str__(self) -> str:
        return f"Bill runs of {self.company.code}"


class BillRun(models.Model):
    """One row is the billing of a company's month: what was received by `cutoff` counts.

    Accounts that were parked are issued by the same run, later. `invoicing.domain.bill_run_states` says which
    state follows which.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", STATES["requested"]
        DRAFTING = "drafting", STATES["drafting"]
        STOPPED = "stopped", STATES["stopped"]
        DRAFTED = "drafted", STATES["drafted"]
        ISSUING = "issuing", STATES["issuing"]
        ISSUED = "issued", STATES["issued"]
        PAUSED = "paused", STATES["paused"]

    company = models.ForeignKey(Company, models.PROTECT, related_name="bill_runs")
    month = models.DateField(help_text="The first day of the billing month.")
    cutoff = models.DateTimeField(help_text="What was received later is late.")
    issued_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    issues_by_itself = models.BooleanField(default=True, help_text="Else it shows its drafts and waits.")
    needs_approval = models.BooleanField(default=False)
    stops_on_warnings = models.BooleanField(default=False)
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-month", "company", "-id"]
        permissions = [("approve_billrun", "Can have a bill run issued that somebody else started")]
        constraints = [
            models.CheckConstraint(name="bill_run_month_is_first", condition=Q(month__day=1)),
            models.UniqueConstraint(fields=["company", "month"], name="bill_run_once_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.company.code} {self.month:%Y-%m}"


class BillRunAccount(models.Model):
    """One row is what a bill run does with an account."""

    class State(models.TextChoices):
        PENDING = "pending", "pending"
        DRAFTED = "drafted", "drafted"
        ISSUED = "issued", "issued"
        NOTHING_TO_BILL = "nothing_to_bill", "nothing to bill"
        PARKED = "parked", "parked"

    bill_run = models.ForeignKey(BillRun, models.CASCADE, related_name="accounts")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=State, default=State.PENDING)
    reason = models.TextField(blank=True, help_text="Why it is parked, and what to do.")

    class Meta:
        ordering = ["bill_run", "account"]
        constraints = [
            models.UniqueConstraint(fields=["bill_run", "account"], name="bill_run_account_once"),
        ]
        indexes = [
            models.Index(
                fields=["bill_run", "id"], condition=Q(state="pending"), name="bill_run_account_pending"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account.code}: {self.state}"


class BillRunWarning(models.Model):
    """One row is something that a person should know before a bill run issues; each look makes them anew."""

    class Kind(models.TextChoices):
        UNRATED_EVENTS = "unrated_events", "events that are not rated"
        OPEN_EXCEPTIONS = "open_exceptions", "open exceptions"
        MISSING_PRICES = "missing_prices", "missing prices"
        MISSING_TAX_DATA = "missing_tax_data", "missing tax data"
        MISSING_EXCHANGE_RATE = "missing_exchange_rate", "missing exchange rate"
        NUMBERS_OUT_OF_ORDER = "numbers_out_of_order", "numbers out of order"

    bill_run = models.ForeignKey(BillRun, models.CASCADE, related_name="warnings")
    kind = models.CharField(max_length=25, choices=Kind)
    sentence = models.TextField(help_text="What, where, and what to do.")
    count = models.PositiveIntegerField(default=1, help_text="How many of it there are.")

    class Meta:
        ordering = ["bill_run", "id"]

    def __str__(self) -> str:
        return self.sentence
