"""Another billing system's invoices, to set beside ours."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from billing_site.common.base_models import AmountField
from catalogue.models import Account, Company
from reconciliation.domain.exports import OPTIONAL, REQUIRED, Columns


class ExportMapping(models.Model):
    """One row says by a name what the columns of another billing system's export mean."""

    class DateOrder(models.TextChoices):
        ISO = "iso", "2026-04-03"
        DMY = "dmy", "03.04.2026 or 03/04/2026"
        MDY = "mdy", "04/03/2026"

    class AccountIs(models.TextChoices):
        CODE = "code", "the account's code"
        EXTERNAL_ID = "external_id", "the account's external id"

    class MatchesBy(models.TextChoices):
        NUMBER = "number", "invoice number: it issues under ours"
        ACCOUNT = "account", "account: sums of the days compared"

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60, help_text="Of the other system.")
    columns = models.JSONField(
        help_text='What is meant and its column there: {"number": "invoicenum", "account": "userid", '
        '"issued_on": "date", "amount": "total", "currency": "currencycode", "status": "status"}; '
        "currency and status may be left out."
    )
    date_order = models.CharField(max_length=3, choices=DateOrder, default=DateOrder.ISO)
    account_is = models.CharField(max_length=12, choices=AccountIs, default=AccountIs.CODE)
    matches_by = models.CharField(max_length=10, choices=MatchesBy, default=MatchesBy.ACCOUNT)
    ignored_statuses = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        help_text="Lines with one of these are no invoices: Draft, Cancelled.",
    )

    class Meta:
        ordering = ["company", "name"]
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="export_mapping_once_a_company")
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        names = self.columns if isinstance(self.columns, dict) else {}
        missing = [name for name in REQUIRED if not isinstance(names.get(name), str) or not names[name]]
        unknown = [name for name in names if name not in (*REQUIRED, *OPTIONAL)]
        if missing or unknown:
            raise ValidationError(
                {
                    "columns": f"Give the column of {', '.join(missing)}."
                    if missing
                    else f"{unknown[0]} means nothing here; known are {', '.join((*REQUIRED, *OPTIONAL))}."
                }
            )

    @property
    def how(self) -> Columns:
        """The same for the domain."""
        return Columns(
            self.columns, self.date_order, self.account_is, self.matches_by, tuple(self.ignored_statuses)
        )


class OtherInvoice(models.Model):
    """One row is an invoice as another billing system exported it last."""

    mapping = models.ForeignKey(ExportMapping, models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    issued_on = models.DateField()
    currency = models.CharField(max_length=3)
    amount = AmountField(help_text="Gross, in the currency.")

    class Meta:
        ordering = ["-issued_on", "number"]
        constraints = [models.UniqueConstraint(fields=["mapping", "number"], name="other_invoice_once")]
        indexes = [models.Index(fields=["company", "issued_on"], name="other_invoice_by_day")]

    def __str__(self) -> str:
        return f"{self.mapping.name} {self.number}"
