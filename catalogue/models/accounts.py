"""Who buys: the customers of a company."""

from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from billing_site.common.time_zones import time_zones
from catalogue.domain.tax_numbers import InvalidTaxNumber, check_tax_number
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
    country = models.CharField(
        max_length=2,
        validators=[RegexValidator(r"^[A-Z]{2}$", "Use two capital letters of ISO 3166: DE.")],
        help_text="ISO 3166 alpha-2; decides the tax.",
    )
    timezone = models.CharField(
        max_length=50, help_text="IANA name; its midnights bound the billing periods."
    )
    locale = models.CharField(max_length=20, default="en", help_text="How the invoice writes numbers: de_DE.")
    address = models.TextField(blank=True, help_text="As it is printed on the invoice, without the name.")
    delivery_address = models.TextField(blank=True, help_text="Where the service is used, if elsewhere.")
    email = models.EmailField(blank=True)
    tax_number = models.CharField(
        max_length=40, blank=True, help_text="Its check digits are tested where the country has any."
    )
    late_usage = models.CharField(max_length=20, choices=LateUsage, default=LateUsage.NEXT_INVOICE)
    payment_days = models.PositiveSmallIntegerField(
        default=30, help_text="Days from issue until an invoice is due."
    )
    usage_annex = models.BooleanField(
        default=False,
        help_text="Whether its documents list what was used, stretch by stretch and record by record.",
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

    def clean(self) -> None:
        """Check what a column cannot: the names of zone and locale, and the tax number of the country."""
        problems = {}
        if self.timezone and self.timezone not in time_zones():
            problems["timezone"] = f"{self.timezone!r} is no time zone; use an IANA name: Europe/Berlin."
        if self.locale and not _is_locale(self.locale):
            problems["locale"] = f"{self.locale!r} is no locale; use one like en or de_CH."
        if self.tax_number and self.country:
            try:
                check_tax_number(self.country, self.tax_number)
            except InvalidTaxNumber as error:
                problems["tax_number"] = error.sentence
        if problems:
            raise ValidationError(problems)


def _is_locale(name: str) -> bool:
    try:
        Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return False
    return True
