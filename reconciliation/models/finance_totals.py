"""What the finance system says that it booked."""

from django.db import models
from django.db.models import Q

from billing_site.common.base_models import AmountField
from catalogue.models import Account, Company


class FinanceTotal(models.Model):
    """One row is the gross amount, less credit notes, that finance booked for an account and month."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    month = models.DateField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    amount = AmountField(help_text="In the account's currency.")

    class Meta:
        ordering = ["company", "month", "account"]
        constraints = [
            models.UniqueConstraint(fields=["account", "month"], name="finance_total_once"),
            models.CheckConstraint(name="finance_total_month_is_first", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.account.code} {self.month:%Y-%m} {self.amount}"
