"""Read an invoice page by page, however many lines it has."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet, Sum, Window
from django.db.models.functions import Coalesce

from invoicing.domain.invoice_views import FamilyView, LineView, ResourceView, group_lines
from invoicing.models import InvoiceLine
from invoicing.selectors.invoice_views import DISCOUNTS, LINE_FIELDS, line_view

LINES_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class FamilyTotal:
    """What the lines of one family come to; the name may be empty."""

    name: str
    line_count: int
    net_amount: Decimal


@dataclass(frozen=True, slots=True)
class LinePage:
    """One page of the lines that were asked for, grouped; the sums are those of the whole invoice."""

    families: tuple[FamilyView, ...]
    line_count: int
    number: int
    count: int

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        """The number of the next page, 0 if this is the last."""
        return self.number + 1 if self.number < self.count else 0


def family_totals(invoice_id: UUID) -> tuple[FamilyTotal, ...]:
    """One row a family, in the order of the invoice; 1 query."""
    lines = InvoiceLine.objects.filter(invoice_id=invoice_id).order_by()
    rows = lines.values("family", is_discount=Q(kind=InvoiceLine.Kind.DISCOUNT)).annotate(
        first=Min("position"), line_count=Count("pk"), total=Sum("net_amount")
    )
    return tuple(
        FamilyTotal(
            DISCOUNTS if row["is_discount"] and not row["family"] else row["family"],
            row["line_count"],
            row["total"],
        )
        for row in rows.order_by("first")
    )


def line_page(invoice_id: UUID, *, number: int, search: str = "") -> LinePage:
    """Return one page of an invoice's lines by family and resource; a number that is none gives the nearest.

    search: [text] part of the name of the resource, the SKU or the description; empty: all lines.
    3 queries: how many, the page, the sums of its resources.
    """
    every_line = InvoiceLine.objects.filter(invoice_id=invoice_id)
    lines = _found(every_line, search)
    line_count = lines.count()
    count = max(1, -(-line_count // LINES_A_PAGE))
    number = min(max(number, 1), count)
    begin = (number - 1) * LINES_A_PAGE
    rows = lines.order_by("family_first", "group_first", "position").values(*LINE_FIELDS)
    shown = [line_view(row) for row in rows[begin : begin + LINES_A_PAGE]]
    families = _with_whole_sums(group_lines(shown), shown, every_line)
    return LinePage(families, line_count, number, count)


def one_line(invoice_id: UUID, position: int) -> tuple[LineView, int | None] | None:
    """Return one line by its position with the charge that it bills, None if there is none; 1 query."""
    lines = InvoiceLine.objects.filter(invoice_id=invoice_id, position=position)
    row = lines.values(*LINE_FIELDS, "charge_id").first()
    if row is None:
        return None
    charge_id = row.pop("charge_id")
    return line_view(row), charge_id


def _found(lines: QuerySet[InvoiceLine], search: str) -> QuerySet[Any]:
    if search:
        lines = lines.filter(
            Q(resource__icontains=search) | Q(sku__icontains=search) | Q(description__icontains=search)
        )
    return lines.annotate(
        family_first=Window(Min("position"), partition_by=[F("family")]),
        group_first=Window(Min("position"), partition_by=[F("family"), F("resource")]),
    )


def _with_whole_sums(
    families: tuple[FamilyView, ...], shown: list[LineView], lines: QuerySet[InvoiceLine]
) -> tuple[FamilyView, ...]:
    """Put the sums of whole resources where a page shows a part of them."""
    names = {line.resource for line in shown}
    rows = (
        lines.filter(resource__in=names)
        .order_by()
        .values("family", "resource")
        .annotate(total=Coalesce(Sum("net_amount"), Decimal(0)))
    )
    totals = {(row["family"], row["resource"]): row["total"] for row in rows}
    return tuple(
        FamilyView(
            family.name,
            tuple(
                ResourceView(
                    resource.name,
                    resource.lines,
                    totals.get((family.name, resource.name), resource.net_amount),
                )
                for resource in family.resources
            ),
            family.net_amount,
        )
        for family in families
    )
