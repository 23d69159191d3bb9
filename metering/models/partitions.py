"""Which months of the bulk tables are kept no longer."""

from django.db import models


class DetachedMonth(models.Model):
    """One row is a month that was taken out of a bulk table: nothing is computed from it, or for it, again.

    An event of such a month is not placed, and a closed month of an account that touches it stays as it was
    billed. Delete the row after the partition was attached again.
    """

    table_name = models.CharField(max_length=63)
    starts_at = models.DateTimeField(help_text="The first instant of the month in UTC.")
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["table_name", "starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["table_name", "starts_at"], name="detached_month_once")
        ]

    def __str__(self) -> str:
        return f"{self.table_name} {self.starts_at:%Y-%m}"
