"""What the finance system says that it booked."""

from django.db import models
from django.db.models import Q

from billing_site.common.base_models import AmountField
from catalogue.models import Account, Company


class FinanceTotal(models.Model):
    """One row is the gross amount, less credit notes, that finance booked for an account and month, or day.

    A billing month stands by month, or by days of issue: the days of a month take the place of its sum.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    month = models.DateField(help_text="The billing month; of a day, the month in which it lies.")
    day = models.DateField(null=True, blank=True, help_text="Of issue; empty: the whole billing month.")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    amount = AmountField(help_text="In the account's currency.")

    class Meta:
        ordering = ["company", "month", "day", "account"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "month", "day"], nulls_distinct=False, name="finance_total_once"
            ),
            models.CheckConstraint(name="finance_total_month_is_first", condition=Q(month__day=1)),
        ]

    @property
    def currency(self) -> str:
        """Of the amount: the account's."""
        return self.account.currency_id

    def __str__(self) -> str:
        return f"{self.account.code} {self.month:%Y-%m} {self.amount}"
