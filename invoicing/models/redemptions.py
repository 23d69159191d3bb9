"""Which promotions took something off which invoices."""

import pgtrigger
from django.db import models

from catalogue.models import Promotion
from invoicing.models.invoices import ISSUED_NEVER_CHANGES, Invoice


class Redemption(models.Model):
    """One row is a promotion that takes something off an invoice; a draft's are counted when it is issued."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="redemptions")
    promotion = models.ForeignKey(Promotion, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["invoice", "promotion"]
        constraints = [models.UniqueConstraint(fields=["invoice", "promotion"], name="redemption_once")]
        triggers = [
            pgtrigger.Trigger(
                name="issued_redemptions_never_change",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=ISSUED_NEVER_CHANGES,
            )
        ]

    def __str__(self) -> str:
        return f"{self.promotion} on {self.invoice}"
