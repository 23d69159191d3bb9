"""What was given back of an invoice, line by line; a credit note never changes."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from billing_site.common.base_models import AmountField, QuantityField, uuid7
from catalogue.models import Account, Company, Product
from invoicing.models.invoices import Invoice

_PARTS_COME_FIRST = """
    PERFORM 1 FROM invoicing_creditnote n
      JOIN (SELECT DISTINCT credit_note_id FROM added) a ON a.credit_note_id = n.id;
    IF FOUND THEN
        RAISE EXCEPTION 'A credit note never changes; what is to be credited besides is another one.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


def _never_changes() -> pgtrigger.Protect:
    return pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete)


def _parts_come_first() -> pgtrigger.Trigger:
    """Lines and taxes are written before their credit note, in its transaction, and none after it."""
    return pgtrigger.Trigger(
        name="parts_come_first",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="added"),
        func=_PARTS_COME_FIRST,
    )


class CreditNote(models.Model):
    """One row is a credit note of one invoice; what is credited is positive.

    It is issued when it is made: there are no drafts. `seller` and `buyer` are snapshots as on an invoice.
    How much of it settles its invoice and how much is unapplied is computed (selectors/balances.py).
    """

    class Cause(models.TextChoices):
        CONCESSION = "concession", "concession"
        LATE_USAGE = "late_usage", "corrected usage"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="credit_notes")
    account = models.ForeignKey(Account, models.PROTECT, related_name="credit_notes")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="credit_notes")
    cause = models.CharField(max_length=10, choices=Cause)
    number = models.CharField(max_length=60, unique=True)
    issued_on = models.DateField()
    currency = models.CharField(max_length=3)
    net_amount = AmountField()
    tax_amount = AmountField()
    gross_amount = AmountField()
    seller = models.JSONField()
    buyer = models.JSONField()
    reason = models.CharField(max_length=250, blank=True, help_text="Printed on the credit note.")
    request_id = models.CharField(
        max_length=100, null=True, help_text="Of who asked for it: the same one again makes no second one."
    )
    request = models.JSONField(null=True, help_text="What was asked for under that id.")

    class Meta:
        ordering = ["-issued_on", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["company", "request_id"], name="credit_note_request_once"),
            models.CheckConstraint(
                name="credit_note_gross_is_net_and_tax",
                condition=Q(gross_amount=F("net_amount") + F("tax_amount")),
            ),
            models.CheckConstraint(name="credit_note_gives_back", condition=Q(net_amount__gt=0)),
            models.CheckConstraint(
                name="credit_note_concession_was_asked_for",
                condition=Q(cause="concession", request_id__isnull=False) | Q(cause="late_usage"),
            ),
        ]
        triggers = [_never_changes()]

    def __str__(self) -> str:
        return self.number


class CreditNoteLine(models.Model):
    """One row is a line of a credit note: what it takes from a line of the invoice.

    `invoice_line_id` is empty where the invoice has no such line: a late correction that charges, too.
    `charge_id` names the difference charge that the line settles, once; only late corrections have one.
    """

    credit_note = models.ForeignKey(CreditNote, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    invoice_line_id = models.BigIntegerField(null=True)
    charge_id = models.BigIntegerField(null=True)
    product_id = models.BigIntegerField(null=True)
    sku = models.CharField(max_length=120, blank=True)
    description = models.CharField(max_length=250, blank=True)
    family = models.CharField(max_length=120, blank=True)
    resource = models.CharField(max_length=200, blank=True)
    service_start = models.DateTimeField()
    service_end = models.DateTimeField()
    quantity = QuantityField(null=True, help_text="Only of corrected usage.")
    unit = models.CharField(max_length=60, blank=True)
    unit_price = AmountField(null=True)
    net_amount = AmountField(help_text="What is credited is positive.")
    tax_category = models.CharField(max_length=20, choices=Product.TaxCategory)

    class Meta:
        ordering = ["credit_note", "position"]
        constraints = [
            models.UniqueConstraint(fields=["credit_note", "position"], name="credit_note_position_once"),
            models.UniqueConstraint(fields=["charge_id"], name="credit_note_settles_a_charge_once"),
        ]
        triggers = [_never_changes(), _parts_come_first()]

    def __str__(self) -> str:
        return f"{self.position}. {self.sku} {self.net_amount}"


class CreditNoteTax(models.Model):
    """One row is the tax that a credit note gives back of a category, at the percent of its invoice."""

    credit_note = models.ForeignKey(CreditNote, models.PROTECT, related_name="taxes")
    category = models.CharField(max_length=20, choices=Product.TaxCategory)
    name = models.CharField(max_length=60, blank=True)
    percent = models.DecimalField(max_digits=9, decimal_places=6)
    taxable_amount = AmountField()
    tax_amount = AmountField()

    class Meta:
        ordering = ["credit_note", "category", "name"]
        verbose_name_plural = "credit note taxes"
        constraints = [
            models.UniqueConstraint(fields=["credit_note", "category", "name"], name="credit_note_tax_once"),
        ]
        triggers = [_never_changes(), _parts_come_first()]

    def __str__(self) -> str:
        return f"{self.category} {self.percent.normalize():f} %"
