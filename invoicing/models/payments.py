"""What was paid, and which invoices it settles; both are written once."""

import pgtrigger
from django.db import models
from django.db.models import Q

from billing_site.common.base_models import AmountField
from catalogue.models import Account, Company
from invoicing.models.invoices import Invoice


class Payment(models.Model):
    """One row is money received from an account; `reference` is its id at whoever told of it, once a company.

    `invoice` is the one that it names. What its allocations do not take of it is unapplied.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="payments")
    account = models.ForeignKey(Account, models.PROTECT, related_name="payments")
    reference = models.CharField(max_length=100, help_text="Its id in the bank's or the provider's books.")
    currency = models.CharField(max_length=3)
    amount = AmountField()
    received_on = models.DateField()
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="payments", null=True, blank=True, help_text="That it names."
    )

    class Meta:
        ordering = ["-received_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["company", "reference"], name="payment_reference_once"),
            models.CheckConstraint(name="payment_amount_above_zero", condition=Q(amount__gt=0)),
        ]
        triggers = [pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.reference


class PaymentAllocation(models.Model):
    """One row is what a payment settles of an invoice."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="allocations")
    amount = AmountField()

    class Meta:
        ordering = ["payment", "invoice"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "invoice"], name="payment_allocation_once"),
            models.CheckConstraint(name="payment_allocation_above_zero", condition=Q(amount__gt=0)),
        ]
        triggers = [pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.payment_id}: {self.amount}"
