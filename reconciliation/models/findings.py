"""What does not agree, or leaks, as work: it lives until a run does not find it any more."""

import pgtrigger
from django.db import models
from django.db.models import Q

from billing_site.common.base_models import AmountField
from catalogue.models import Account, Company, User
from reconciliation.domain.leakage import RULES
from reconciliation.models.runs import ReconciliationRun


class Finding(models.Model):
    """One row is a difference, or a leak, across all runs: found again it is the same row.

    `first`, `second` and `difference` are as the last run found them. When none finds it any more it is
    fixed; one that comes back is open again.
    """

    class Kind(models.TextChoices):
        """Of domain/finding_classes.py."""

        MISSING = "missing", "missing"
        EXTRA = "extra", "extra"
        DUPLICATE = "duplicate", "duplicate"
        LATE = "late", "late"
        QUANTITY = "quantity", "quantity"
        PRICE = "price", "price"
        ROUNDING = "rounding", "rounding"
        CURRENCY = "currency", "currency"

    class State(models.TextChoices):
        """Of domain/finding_states.py."""

        OPEN = "open", "open"
        INVESTIGATING = "investigating", "being investigated"
        EXPLAINED = "explained", "explained"
        ACCEPTED = "accepted", "accepted"
        FIXED = "fixed", "fixed"

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    level = models.CharField(max_length=40, help_text="A level of reconciliation, or a rule of leakage.")
    month = models.DateField()
    key = models.CharField(max_length=450, help_text="What was compared, as in the runs.")
    kind = models.CharField("class", max_length=10, choices=Kind)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    sku = models.CharField("SKU", max_length=120, blank=True)
    resource = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=60, blank=True, help_text="A currency, or a unit of quantity.")
    first = AmountField(null=True)
    second = AmountField(null=True)
    difference = AmountField()
    money_at_risk = AmountField(null=True, help_text="Empty: it cannot be known.")
    currency = models.CharField(max_length=3, help_text="The head office's, of the money at risk.")
    note = models.TextField(blank=True)
    state = models.CharField(max_length=15, choices=State, default=State.OPEN)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(help_text="When it was found first, or came back.")
    seen_at = models.DateTimeField(help_text="When it was found last.")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["company", "level", "month", "key"], name="finding_known_once"),
            models.CheckConstraint(
                name="finding_closed_when_fixed",
                condition=Q(state="fixed", closed_at__isnull=False) | (~Q(state="fixed") & Q(closed_at=None)),
            ),
            models.CheckConstraint(name="finding_month_is_first", condition=Q(month__day=1)),
        ]
        indexes = [
            models.Index(
                fields=["company", "level", "month"], condition=Q(closed_at=None), name="finding_not_fixed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.key}"

    @property
    def level_name(self) -> str:
        """The level or rule in words."""
        if rule := RULES.get(self.level):
            return rule.title
        return str(ReconciliationRun.Level(self.level).label)


class FindingChange(models.Model):
    """One row is a change of a finding, or a comment; never changed."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    by = models.CharField(max_length=200, blank=True, help_text="A person or an API key; empty: a run.")
    what = models.CharField(max_length=20, help_text="found, came_back, changed, gone, or a person's step.")
    state = models.CharField(max_length=15, choices=Finding.State, help_text="After it.")
    difference = AmountField(help_text="As it was then.")
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["finding", "id"]
        triggers = [pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"
