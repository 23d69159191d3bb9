"""What the customer owes, line by line; an issued invoice never changes."""

import pgtrigger
from django.db import models
from django.db.models import Q

from billing_site.common.base_models import AmountField, QuantityField, uuid7
from catalogue.models import Account, Company, Product

_ISSUED = "An issued invoice never changes; correct it with a credit note."
# The body of a row trigger of a table that has `invoice_id`.
ISSUED_NEVER_CHANGES = f"""
                    PERFORM 1 FROM invoicing_invoice
                     WHERE id = CASE TG_OP WHEN 'INSERT' THEN NEW.invoice_id ELSE OLD.invoice_id END
                       AND state = 'issued';
                    IF FOUND THEN
                        RAISE EXCEPTION '{_ISSUED}' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
                """


class Invoice(models.Model):
    """One row is an invoice of an account for a billing month.

    `seller`, `buyer` (name, address, country, tax_number, ...) and `exchange_rates` are snapshots as they
    stood at issue.
    Paid and open amounts are computed from allocations, never stored here.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        ISSUED = "issued", "issued"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="invoices")
    account = models.ForeignKey(Account, models.PROTECT, related_name="invoices")
    month = models.DateField(help_text="The first day of the billing month.")
    period_start = models.DateTimeField()
    period_end = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    number = models.CharField(max_length=60, null=True, blank=True, unique=True)
    issued_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    net_amount = AmountField()
    tax_amount = AmountField()
    gross_amount = AmountField()
    seller = models.JSONField()
    buyer = models.JSONField()
    exchange_rates = models.JSONField(
        default=dict,
        help_text="By currency, the seller's and the head office's: what one of this invoice's was worth on "
        "the day of issue, with the listed rates and their dates.",
    )

    class Meta:
        ordering = ["-month", "number"]
        constraints = [
            models.UniqueConstraint(fields=["account", "month"], name="invoice_once_a_month"),
            models.CheckConstraint(
                name="invoice_gross_is_net_and_tax",
                condition=Q(gross_amount=models.F("net_amount") + models.F("tax_amount")),
            ),
            models.CheckConstraint(
                name="invoice_issued_has_number",
                condition=Q(state="draft", number=None, issued_on=None)
                | Q(state="issued", number__isnull=False, issued_on__isnull=False, due_on__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["company", "month"], name="invoice_by_company_month")]
        triggers = [
            pgtrigger.Protect(
                name="issued_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="issued"),
            )
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.account.code} {self.month:%Y-%m}"


class InvoiceLine(models.Model):
    """One row is a line of an invoice: one charge, true-up, correction or discount, rounded once.

    A bulk table: no foreign keys. `charge_id` is unique, so billing a charge twice breaks a key.
    """

    class Kind(models.TextChoices):
        CHARGE = "charge", "charge"
        TRUE_UP = "true_up", "made up to the minimum"
        DISCOUNT = "discount", "discount"
        CORRECTION = "correction", "correction"

    invoice_id = models.UUIDField()
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    charge_id = models.BigIntegerField(null=True)
    product_id = models.BigIntegerField(null=True)
    sku = models.CharField(max_length=120, blank=True)
    description = models.CharField(max_length=250, blank=True)
    family = models.CharField(max_length=120, blank=True)
    resource = models.CharField(max_length=200, blank=True)
    service_start = models.DateTimeField()
    service_end = models.DateTimeField()
    quantity = QuantityField(null=True)
    unit = models.CharField(max_length=60, blank=True)
    unit_price = AmountField(null=True)
    net_amount = AmountField()
    tax_category = models.CharField(max_length=20, choices=Product.TaxCategory)

    class Meta:
        ordering = ["invoice_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice_id", "position"], name="invoice_line_position_once"),
            models.UniqueConstraint(fields=["charge_id"], name="invoice_line_bills_a_charge_once"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="issued_lines_never_change",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    PERFORM 1 FROM invoicing_invoice WHERE id = OLD.invoice_id AND state = 'issued';
                    IF FOUND THEN
                        RAISE EXCEPTION '{_ISSUED}' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
                """,
            ),
            pgtrigger.Trigger(
                name="issued_takes_no_lines",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),
                func=f"""
                    PERFORM 1 FROM invoicing_invoice i
                      JOIN (SELECT DISTINCT invoice_id FROM added) a ON a.invoice_id = i.id
                     WHERE i.state = 'issued';
                    IF FOUND THEN
                        RAISE EXCEPTION '{_ISSUED}' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.sku or self.description}"


class InvoiceTax(models.Model):
    """One row is a tax of an invoice: the percent of a tax (by name) on a category's taxable sum."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="taxes")
    category = models.CharField(max_length=20, choices=Product.TaxCategory)
    name = models.CharField(max_length=60, blank=True)
    percent = models.DecimalField(max_digits=9, decimal_places=6)
    taxable_amount = AmountField()
    tax_amount = AmountField()

    class Meta:
        ordering = ["invoice", "category", "name"]
        verbose_name_plural = "invoice taxes"
        constraints = [
            models.UniqueConstraint(fields=["invoice", "category", "name"], name="invoice_tax_once"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="issued_taxes_never_change",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=ISSUED_NEVER_CHANGES,
            )
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.percent.normalize():f} %"
