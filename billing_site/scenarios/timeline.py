"""The steps of a story: one class for what stands under each step key."""

import datetime as dt
from typing import Any, ClassVar, Literal

from msgspec import UNSET, UnsetType

from billing_site.scenarios.declarations import CurrencyCode, Entry, PriceEntry
from billing_site.scenarios.values import (
    AccountCode,
    CompanyCode,
    EventId,
    InvoiceReference,
    Moment,
    Month,
    Number,
    OrderId,
    ResourceName,
    Sku,
)

Reception = Literal["accepted", "duplicate", "conflict", "quarantined", "rejected"]


class ItemEntry(Entry):
    # A plain text: that a product is not known is what some stories are about.
    sku: str
    quantity: Number | None = None


class LifecycleStep(Entry):
    id: str
    time: Moment
    type: Literal[
        "created",
        "started",
        "suspended",
        "resumed",
        "stopped",
        "resized",
        "transferred",
        "decommissioned",
    ]
    resource: str
    source: str = "orders"
    received: Moment | None = None
    account: AccountCode | None = None
    items: tuple[ItemEntry, ...] | None = None
    sequence: int | None = None
    expect: Reception | None = None

    OF_TYPE: ClassVar[dict[str, set[str]]] = {
        "created": {"account", "items"},
        "resized": {"items"},
        "transferred": {"account"},
    }

    def __post_init__(self) -> None:
        keys, case = self.OF_TYPE.get(self.type, set()), f"an event of type {self.type}"
        for key in sorted(keys - self.given(keys)):
            raise ValueError(f"`{key}` is missing for {case}")
        self.only(keys, {"account", "items"}, case)


class UsageStep(Entry):
    id: str
    time: Moment
    source: str = "meters"
    until: Moment | None = None
    received: Moment | None = None
    resource: str | None = None
    account: AccountCode | None = None
    sku: str | None = None
    quantity: Number | None = None
    void: str | None = None
    expect: Reception | None = None

    def __post_init__(self) -> None:
        measure = {"sku", "quantity"}
        if self.void is not None:
            self.only(set(), measure | {"until", "resource", "account"}, "a void")
            return
        for key in sorted(measure - self.given(measure)):
            raise ValueError(f"`{key}` is missing for a usage record")
        if len(self.given({"resource", "account"})) != 1:
            raise ValueError("A usage record has a `resource`, or an `account` if there is no resource")


class OrderStep(Entry):
    id: str
    account: AccountCode
    sku: Sku
    start: dt.date
    end: dt.date | None = None
    quantity: Number | None = None
    unit_price: Number | None = None


class CancelOrderStep(Entry):
    id: OrderId
    at: dt.date


class BillRunStep(Entry):
    company: CompanyCode
    period: Month
    cutoff: Moment
    issued_on: dt.date


class CreditLineEntry(Entry):
    sku: Sku
    amount: Number
    resource: ResourceName | None = None


class CreditStep(Entry):
    invoice: InvoiceReference
    lines: tuple[CreditLineEntry, ...] | None = None
    all: bool = False
    expect_error: bool = False

    def __post_init__(self) -> None:
        if self.all == (self.lines is not None):
            raise ValueError("A credit has either `lines` or `all: true`")


class PaymentStep(Entry):
    id: str
    account: AccountCode
    amount: Number
    received_on: dt.date
    invoice: InvoiceReference | None = None


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


class ReconcileStep(Entry):
    level: Literal["stream_to_billing", "primary_to_secondary", "billing_to_finance"]
    company: CompanyCode
    period: Month
    expect: tuple[ExpectedDiscrepancy, ...]
    finance: tuple[FinanceEntry, ...] | None = None

    def __post_init__(self) -> None:
        if self.level != "billing_to_finance":
            self.only(set(), {"finance"}, f"the level {self.level}")


STEPS: dict[str, Any] = {
    "lifecycle": LifecycleStep,
    "usage": UsageStep,
    "order": OrderStep,
    "cancel_order": CancelOrderStep,
    "price": PriceEntry,
    "bill_run": BillRunStep,
    "credit": CreditStep,
    "payment": PaymentStep,
    "expect_charges": ExpectedCharges,
    "expect_invoice": ExpectedInvoice,
    "expect_no_invoice": ExpectedNoInvoice,
    "expect_credit_note": ExpectedCreditNote,
    "expect_exceptions": tuple[ExpectedException, ...],
    "expect_margin": ExpectedMargin,
    "expect_balance": ExpectedBalance,
    "reconcile": ReconcileStep,
}
