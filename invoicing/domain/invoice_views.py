"""A document as people read it: parties, lines by family and resource with subtotals, taxes, totals.

Amounts are money of the invoice's currency, rounded when they were billed; nothing is rounded here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from invoicing.domain.sums import exact_sum


@dataclass(frozen=True, slots=True)
class PartyView:
    """The seller or the buyer as it stood at issue; `address` is one text a line."""

    code: str
    name: str
    address: tuple[str, ...]
    country: str
    tax_number: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of an invoice; a discount has no SKU, only a line priced per unit has a unit price."""

    position: int
    kind: str
    kind_label: str
    sku: str
    description: str
    family: str
    resource: str
    service_start: datetime
    service_end: datetime
    quantity: Decimal | None
    unit: str
    unit_price: Decimal | None
    net_amount: Decimal
    tax_category: str


@dataclass(frozen=True, slots=True)
class ResourceView:
    """The lines of one resource (or order) within a family, and what they come to; the name may be empty."""

    name: str
    lines: tuple[LineView, ...]
    net_amount: Decimal


@dataclass(frozen=True, slots=True)
class FamilyView:
    """The resources of one family of products, and what they come to; the name may be empty."""

    name: str
    resources: tuple[ResourceView, ...]
    net_amount: Decimal


@dataclass(frozen=True, slots=True)
class TaxView:
    """What one tax takes of one category; `reason` says why it takes nothing."""

    category: str
    category_label: str
    name: str
    percent: Decimal
    taxable_amount: Decimal
    tax_amount: Decimal
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CorrectedView:
    """The invoice that a credit note gives back of."""

    number: str
    issued_on: date | None


class DocumentKind(StrEnum):
    """What a document is; the value is its title."""

    INVOICE = "Invoice"
    CREDIT_NOTE = "Credit note"
    INTERCOMPANY = "Inter-company invoice"
    PREVIEW = "Preview"
    PRO_FORMA = "Pro forma invoice"

    @property
    def is_issued(self) -> bool:
        """Whether it counts; nothing is due for a preview or a pro forma invoice, which have no number."""
        return self not in {DocumentKind.PREVIEW, DocumentKind.PRO_FORMA}


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An invoice with all that its page and its document show; a draft has no number, issue or due date.

    A credit note and an inter-company document are read alike: `kind` says which it is, `corrects` and
    `reason` are of a credit note. What is credited is positive.

    `locale` and `timezone` say how its numbers, dates and instants are written; `logo` names the seller's
    picture in the storage, or is empty. `usage_annex`: the buyer wants what was used listed too.
    """

    id: UUID
    number: str | None
    issued_on: date | None
    due_on: date | None
    month: date
    period_start: datetime
    period_end: datetime
    locale: str
    timezone: str
    currency: str
    minor_units: int
    seller: PartyView
    buyer: PartyView
    legal_footer: str
    logo: str
    usage_annex: bool
    families: tuple[FamilyView, ...]
    taxes: tuple[TaxView, ...]
    net_amount: Decimal
    tax_amount: Decimal
    gross_amount: Decimal
    kind: DocumentKind = DocumentKind.INVOICE
    corrects: CorrectedView | None = None
    reason: str = ""

    @property
    def lines(self) -> tuple[LineView, ...]:
        """The lines as they stand below each other, grouped."""
        return tuple(
            line for family in self.families for resource in family.resources for line in resource.lines
        )


def group_lines(lines: Iterable[LineView]) -> tuple[FamilyView, ...]:
    """Group lines by family, then resource; groups stand where their first line stands.

    lines: [in order of position]

    >>> from datetime import UTC
    >>> noon = datetime(2023, 9, 1, 12, tzinfo=UTC)
    >>> line = lambda position, family, resource, amount: LineView(
    ...     position, "charge", "charge", "sku", "", family, resource, noon, noon, None, "", None,
    ...     Decimal(amount), "standard")
    >>> families = group_lines([line(1, "Compute", "vm-1", "1.00"), line(2, "Storage", "disk-1", "0.30"),
    ...                         line(3, "Compute", "vm-1", "0.05")])
    >>> [(family.name, str(family.net_amount), len(family.resources[0].lines)) for family in families]
    [('Compute', '1.05', 2), ('Storage', '0.30', 1)]
    """
    families: dict[str, dict[str, list[LineView]]] = {}
    for line in lines:
        families.setdefault(line.family, {}).setdefault(line.resource, []).append(line)
    return tuple(_family(name, resources) for name, resources in families.items())


def _family(name: str, lines_by_resource: dict[str, list[LineView]]) -> FamilyView:
    resources = tuple(
        ResourceView(resource, tuple(lines), exact_sum(line.net_amount for line in lines))
        for resource, lines in lines_by_resource.items()
    )
    return FamilyView(name, resources, exact_sum(resource.net_amount for resource in resources))
