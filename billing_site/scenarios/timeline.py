"""The steps of a story: one class for what stands under each step key that does something."""

import datetime as dt
from typing import Any, ClassVar, Literal

from billing_site.scenarios.declarations import Entry, PriceEntry
from billing_site.scenarios.expected import (
    ExpectedBalance,
    ExpectedCharges,
    ExpectedCreditNote,
    ExpectedDiscrepancy,
    ExpectedException,
    ExpectedInvoice,
    ExpectedMargin,
    ExpectedNoInvoice,
    FinanceEntry,
)
from billing_site.scenarios.values import (
    AccountCode,
    CompanyCode,
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
