"""What invoices add up to."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from invoicing.models import Invoice


@dataclass(frozen=True, slots=True)
class CurrencyTotal:
    """One row is a currency: how many invoices, and their sums in it [money, exact]."""

    currency: str
    invoices: int
    net_amount: Decimal
    tax_amount: Decimal
    gross_amount: Decimal

    @property
    def amounts(self) -> tuple[Decimal, Decimal, Decimal]:
        return self.net_amount, self.tax_amount, self.gross_amount


def totals_by_currency(invoices: QuerySet[Invoice]) -> list[CurrencyTotal]:
    """Add invoices up, never across currencies; one row a currency, by code; one query."""
    sums = (
        invoices.order_by("currency")
        .values("currency")
        .annotate(n=Count("pk"), net=Sum("net_amount"), tax=Sum("tax_amount"), gross=Sum("gross_amount"))
    )
    return [CurrencyTotal(row["currency"], row["n"], row["net"], row["tax"], row["gross"]) for row in sums]
