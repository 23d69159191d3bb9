"""Who buys: the customers of a company."""

from django.db import models
from django.db.models import Q

from catalogue.models.companies import Company
from catalogue.models.currencies import Currency


class Account(models.Model):
    """One row is a customer of one company, billed in one currency by the calendar of one time zone."""

    class LateUsage(models.TextChoices):
        NEXT_INVOICE = "next_invoice", "on the next invoice"
        CREDIT_NOTE = "credit_note", "credit note at once"

    code = models.CharField(max_length=60, unique=True)
    company = models.ForeignKey(Company, models.PROTECT, related_name="accounts")
    name = models.CharField(max_length=200)
    currency = models.ForeignKey(Currency, models.PROTECT, related_name="+", db_column="currency")
    country = models.CharField(max_length=2, help_text="ISO 3166 alpha-2; decides the tax.")
    timezone = models.CharField(
        max_length=50, help_text="IANA name; its midnights bound the billing periods."
    )
    locale = models.CharField(max_length=20, default="en", help_text="How the invoice writes numbers: de_DE.")
    address = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    tax_number = models.CharField(max_length=40, blank=True)
    late_usage = models.CharField(max_length=20, choices=LateUsage, default=LateUsage.NEXT_INVOICE)
    payment_days = models.PositiveSmallIntegerField(
        default=30, help_text="Days from issue until an invoice is due."
    )
    opened_at = models.DateTimeField(null=True, blank=True, help_text="Empty: always.")
    external_id = models.CharField(max_length=100, blank=True, help_text="In the customer-management system.")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="account_country_is_iso", condition=Q(country__regex=r"^[A-Z]{2}$")),
            models.UniqueConstraint(
                fields=["company", "external_id"],
                condition=~Q(external_id=""),
                name="account_external_id_once_a_company",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
