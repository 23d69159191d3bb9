"""What sales offices owe the head office for a month: the cost side of what they billed."""

import pgtrigger
from django.db import models
from django.db.models import Q

from billing_site.common.base_models import AmountField, QuantityField, uuid7
from catalogue.models import Company


class InterCompanyDocument(models.Model):
    """One row is a document of a head office to a sales office about what its customers used in a month.

    Untaxed, in the head office's currency and series, and outside the balances of customers. A run that
    issues parked accounts later adds a document about these. It is issued when it is made, and never changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    head_office = models.ForeignKey(Company, models.PROTECT, related_name="+")
    sales_office = models.ForeignKey(Company, models.PROTECT, related_name="+")
    month = models.DateField(help_text="The first day of the billing month.")
    number = models.CharField(max_length=60, unique=True)
    issued_on = models.DateField()
    currency = models.CharField(max_length=3)
    line_count = models.PositiveIntegerField()
    net_amount = AmountField(help_text="The sum of the lines; there is no tax.")
    seller = models.JSONField()
    buyer = models.JSONField()

    class Meta:
        ordering = ["-month", "number"]
        verbose_name = "inter-company document"
        constraints = [
            models.CheckConstraint(name="intercompany_month_is_first", condition=Q(month__day=1)),
        ]
        indexes = [models.Index(fields=["sales_office", "month"], name="intercompany_by_office_month")]
        triggers = [
            pgtrigger.Protect(
                name="intercompany_never_changes", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return self.number


class InterCompanyLine(models.Model):
    """One row is the sum of the rounded cost charges of an account and product in the document's month.

    `month` is the document's: an account's product is charged once for it, and the key says so. A bulk table:
    no foreign keys.
    """

    document_id = models.UUIDField()
    position = models.PositiveIntegerField()
    account_id = models.BigIntegerField()
    account = models.CharField(max_length=60, help_text="Its code.")
    month = models.DateField()
    product_id = models.BigIntegerField()
    sku = models.CharField(max_length=120)
    description = models.CharField(max_length=250, blank=True)
    quantity = QuantityField(help_text="In the product's unit.")
    unit = models.CharField(max_length=60, blank=True)
    net_amount = AmountField()

    class Meta:
        ordering = ["document_id", "position"]
        verbose_name = "inter-company line"
        constraints = [
            models.UniqueConstraint(fields=["document_id", "position"], name="intercompany_position_once"),
            models.UniqueConstraint(
                fields=["account_id", "month", "product_id"], name="intercompany_cost_once"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="intercompany_lines_never_change", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="intercompany_takes_no_more_lines",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),
                func="""
                    PERFORM 1 FROM invoicing_intercompanydocument d
                      JOIN (SELECT DISTINCT document_id FROM added) a ON a.document_id = d.id
                     CROSS JOIN LATERAL (SELECT count(*) AS lines, sum(net_amount) AS net
                                           FROM invoicing_intercompanyline WHERE document_id = d.id) l
                     WHERE d.line_count <> l.lines OR d.net_amount <> l.net;
                    IF FOUND THEN
                        RAISE EXCEPTION 'An inter-company document takes no lines after its issue.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.account} {self.sku} {self.net_amount}"
