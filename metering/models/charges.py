"""What it is worth: rated amounts on both sides."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from billing_site.common.base_models import AmountField, QuantityField


class RatingRun(models.Model):
    """One row is a pass of the rater: as of when it counted, what it knew, how many charges it wrote."""

    as_of = models.DateTimeField(help_text="Billable time counts up to here.")
    received_by = models.DateTimeField(
        null=True, help_text="Events received later were left out; empty: none."
    )
    period_count = models.PositiveIntegerField()
    written = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"rating run {self.pk} as of {self.as_of}"


class Charge(models.Model):
    """One row is a rated amount of one side for an account, a resource (or order), a product, an item
    quantity and a price version (rule 5), rounded once.

    `service_month` is the month in which it was used, `month` the one in which it is billed. They differ for
    a correction: the difference between what a closed month should have been and what was billed for it.
    A bulk table: no foreign keys. Charges of a closed `month`, and settled ones, never change.
    """

    class Side(models.TextChoices):
        SELL = "sell", "what the customer pays"
        COST = "cost", "what the sales office pays the head office"

    class Kind(models.TextChoices):
        CHARGE = "charge", "charge"
        TRUE_UP = "true_up", "made up to the minimum"

    side = models.CharField(max_length=4, choices=Side)
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.CHARGE)
    company_id = models.BigIntegerField(help_text="Whose price book priced it.")
    account_id = models.BigIntegerField()
    month = models.DateField()
    service_month = models.DateField()
    resource_id = models.BigIntegerField(null=True)
    order_id = models.BigIntegerField(null=True)
    cycle_start = models.DateField(null=True, help_text="Of an order's cycle.")
    product_id = models.BigIntegerField()
    item_quantity = QuantityField(null=True, help_text="Of the resource's item; empty for usage and pooled.")
    price_id = models.BigIntegerField(null=True, help_text="Empty: agreed on the order.")
    currency = models.CharField(max_length=3)
    service_start = models.DateTimeField()
    service_end = models.DateTimeField()
    quantity = QuantityField(
        help_text="In the product's unit, before included units; shown, not computed with."
    )
    unit_price = AmountField(null=True, help_text="Only where the price is per unit.")
    amount = AmountField(help_text="Unrounded, to 12 decimals.")
    net_amount = AmountField(help_text="Rounded once, half up, from the exact value.")
    settlement = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text="0: billed with its month. Else: a correction settled before, the nth of its key.",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["account_id", "service_month"],
                condition=Q(settlement=0) & ~Q(month=F("service_month")),
                name="charge_waiting_difference",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "account_id",
                    "month",
                    "service_month",
                    "product_id",
                    "resource_id",
                    "price_id",
                    "item_quantity",
                    "order_id",
                    "cycle_start",
                    "side",
                    "kind",
                    "settlement",
                ],
                nulls_distinct=False,
                name="charge_once",
            ),
            models.CheckConstraint(name="charge_side_known", condition=Q(side__in=["sell", "cost"])),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="closed_month_keeps_its_charges",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    PERFORM 1 FROM metering_accountperiod
                     WHERE account_id = OLD.account_id AND month = OLD.month AND cutoff IS NOT NULL;
                    IF FOUND OR OLD.settlement <> 0 THEN
                        RAISE EXCEPTION 'Charge % lies in a closed period or is settled, and cannot change.', OLD.id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
                """,  # noqa: E501
            ),
            pgtrigger.Trigger(
                name="closed_month_takes_no_charges",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),
                func="""
                    PERFORM 1 FROM metering_accountperiod p
                      JOIN (SELECT DISTINCT account_id, month FROM added) a USING (account_id, month)
                     WHERE p.cutoff IS NOT NULL;
                    IF FOUND THEN
                        RAISE EXCEPTION 'A closed period takes no more charges.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,  # noqa: E501
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.net_amount} {self.currency}"
