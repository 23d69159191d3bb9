"""What a story expects: one class for what stands under each step key that only looks."""

from typing import Literal

from msgspec import UNSET, UnsetType

from billing_site.scenarios.declarations import CurrencyCode, Entry
from billing_site.scenarios.values import (
    AccountCode,
    CompanyCode,
    EventId,
    Moment,
    Month,
    Number,
    ResourceName,
    Sku,
)


class ExpectedLine(Entry):
    """The fields that a line must have; what is not listed may be anything, null is "has none"."""

    sku: Sku | UnsetType | None = UNSET
    resource: ResourceName | UnsetType | None = UNSET
    service_start: Moment | UnsetType = UNSET
    service_end: Moment | UnsetType = UNSET
    quantity: Number | UnsetType | None = UNSET
    unit_price: Number | UnsetType | None = UNSET
    amount: Number | UnsetType = UNSET
    kind: Literal["charge", "true_up", "discount", "correction"] | UnsetType = UNSET


class ExpectedCharges(Entry):
    account: AccountCode
    period: Month
    as_of: Moment
    net: Number | None = None
    lines: tuple[ExpectedLine, ...] | None = None

    def __post_init__(self) -> None:
        if not self.given({"net", "lines"}):
            raise ValueError("`net` or `lines` is missing")


class ExpectedInvoice(Entry):
    account: AccountCode
    period: Month
    currency: CurrencyCode | None = None
    net: Number | None = None
    tax: Number | None = None
    gross: Number | None = None
    number: str | None = None
    lines: tuple[ExpectedLine, ...] | None = None


class ExpectedNoInvoice(Entry):
    account: AccountCode
    period: Month


class ExpectedCreditNote(Entry):
    account: AccountCode
    period: Month
    net: Number | None = None
    tax: Number | None = None
    gross: Number | None = None
    lines: tuple[ExpectedLine, ...] | None = None


class ExpectedException(Entry):
    kind: Literal[
        "unknown_resource",
        "unknown_sku",
        "unknown_record",
        "no_price",
        "redundant_transition",
        "usage_after_end",
        "conflict",
        "overlap",
        "gap",
    ]
    resource: ResourceName | None = None
    id: EventId | None = None


class ExpectedMargin(Entry):
    company: CompanyCode
    period: Month
    currency: CurrencyCode
    revenue: Number
    cost: Number
    margin: Number
    account: AccountCode | None = None
    percent: Number | None = None


class ExpectedBalance(Entry):
    account: AccountCode
    due: Number
    unapplied: Number


class ExpectedDiscrepancy(Entry):
    kind: Literal["missing", "extra", "mismatch"]
    difference: Number
    account: AccountCode | None = None
    sku: Sku | None = None
    resource: ResourceName | None = None


class FinanceEntry(Entry):
    account: AccountCode
    amount: Number
