"""How far a company's month is on its way to be closed."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from billing_site.common.base_models import AmountField
from catalogue.models import Company
from reconciliation.domain.margin import Margin


class MonthClosing(models.Model):
    """One row is a company's month that somebody soft-closed or closed; a month without one is open.

    What it earned as billed when it was closed (rule 9) is kept beside: credit notes of later days and
    corrections on later invoices do not change it. Closed is for ever.
    """

    class State(models.TextChoices):
        OPEN = "open", "open"
        SOFT_CLOSED = "soft_closed", "soft-closed"
        CLOSED = "closed", "closed"

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    month = models.DateField(help_text="The first day of the billing month.")
    state = models.CharField(max_length=11, choices=State, default=State.OPEN)
    soft_closed_at = models.DateTimeField(null=True)
    soft_closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    currency = models.CharField(max_length=3, blank=True, help_text="The head office's, of what is kept.")
    revenue = AmountField(null=True)
    cost = AmountField(null=True)

    class Meta:
        ordering = ["-month", "company"]
        constraints = [
            models.UniqueConstraint(fields=["company", "month"], name="month_closing_once"),
            models.CheckConstraint(name="month_closing_month_is_first", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="month_closing_says_who_and_when",
                condition=Q(state="open", soft_closed_at=None, closed_at=None)
                | Q(state="soft_closed", soft_closed_at__isnull=False, closed_at=None)
                | Q(
                    state="closed",
                    soft_closed_at__isnull=False,
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    revenue__isnull=False,
                    cost__isnull=False,
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="closed_for_good",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="closed"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.company.code} {self.month:%Y-%m}"

    @property
    def earned(self) -> Margin | None:
        """What it earned as billed when it was closed; None: it is not closed."""
        if self.revenue is None or self.cost is None:
            return None
        return Margin(self.currency, self.revenue, self.cost)
