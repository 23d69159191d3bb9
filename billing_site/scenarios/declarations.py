"""What stands above the timeline: who sells, who buys, what, at which price. One class a mapping."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from billing_site.scenarios.values import AccountCode, CompanyCode, Moment, Number, Sku

Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]
CurrencyCode = Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
TaxCategory = Literal["standard", "reduced", "zero", "exempt", "reverse_charge"]
State = Literal["active", "suspended", "stopped"]


class Entry(Struct, forbid_unknown_fields=True):
    """A mapping of the file: its fields are the keys that it may have, those without default it must."""

    def given(self, keys: Iterable[str]) -> set[str]:
        """Those of the optional keys that the file spells out."""
        return {key for key in keys if getattr(self, key) is not None}

    def only(self, allowed: set[str], keys: Iterable[str], case: str) -> None:
        """Refuse keys that would have no effect in this case."""
        for key in sorted(self.given(keys) - allowed):
            raise ValueError(f"`{key}` means nothing for {case}")


class CompanyEntry(Entry):
    code: str
    country: Country
    currency: CurrencyCode
    timezone: ZoneInfo
    parent: CompanyCode | None = None
    tax_rounding: Literal["half_up", "down"] = "half_up"
    number_prefix: str | None = None


class ExchangeRateEntry(Entry):
    date: dt.date
    base: CurrencyCode
    quote: CurrencyCode
    rate: Number


class TaxRateEntry(Entry):
    country: Country
    percent: Number
    valid_from: dt.date
    category: TaxCategory = "standard"
    name: str = ""


class AccountEntry(Entry):
    code: str
    company: CompanyCode
    currency: CurrencyCode | None = None
    country: Country | None = None
    timezone: ZoneInfo | None = None
    tax_number: str = ""
    late_usage: Literal["next_invoice", "credit_note"] = "next_invoice"


class ProductEntry(Entry):
    sku: str
    unit: str
    kind: Literal["time", "usage", "recurring", "one_time"]
    aggregation: Literal["sum", "max", "last", "unique"] | None = None
    cycle: Literal["monthly", "annual"] | None = None
    in_advance: bool | None = None
    proration: Literal["day", "none"] | None = None
    billed_states: tuple[State, ...] | None = None
    time_rounding: Literal["exact", "started_minute", "started_hour", "clock_hour"] | None = None
    tax_category: TaxCategory = "standard"
    family: str = ""

    OF_KIND: ClassVar[dict[str, set[str]]] = {
        "time": {"billed_states", "time_rounding"},
        "usage": {"aggregation"},
        "recurring": {"cycle", "in_advance", "proration"},
        "one_time": set(),
    }

    def __post_init__(self) -> None:
        keys = set().union(*self.OF_KIND.values())
        self.only(self.OF_KIND[self.kind], keys, f"a product of kind {self.kind}")


class TierEntry(Entry):
    up_to: Number | None = None
    unit_price: Number | None = None
    flat_fee: Number | None = None


class PriceEntry(Entry):
    company: CompanyCode
    sku: Sku
    currency: CurrencyCode
    valid_from: Moment
    model: Literal["per_unit", "flat", "graduated", "volume", "stairstep", "package", "percentage"]
    valid_to: Moment | None = None
    account: AccountCode | None = None
    unit_price: Number | None = None
    fee: Number | None = None
    tiers: tuple[TierEntry, ...] | None = None
    package_size: Number | None = None
    package_price: Number | None = None
    percent: Number | None = None
    fixed_fee: Number | None = None
    included: Number | None = None
    cap: Number | None = None
    minimum: Number | None = None
    scope: Literal["resource", "account"] = "resource"

    NEEDED: ClassVar[dict[str, set[str]]] = {
        "per_unit": {"unit_price"},
        "flat": {"fee"},
        "graduated": {"tiers"},
        "volume": {"tiers"},
        "stairstep": {"tiers"},
        "package": {"package_size", "package_price"},
        "percentage": {"percent"},
    }

    def __post_init__(self) -> None:
        needed, case = self.NEEDED[self.model], f"the price model {self.model}"
        for key in sorted(needed - self.given(needed)):
            raise ValueError(f"`{key}` is missing for {case}")
        allowed = needed | ({"fixed_fee"} if self.model == "percentage" else set())
        self.only(allowed, {"fixed_fee"}.union(*self.NEEDED.values()), case)
        self._check_tiers(case)

    def _check_tiers(self, case: str) -> None:
        if self.tiers is None:
            return
        is_open = [tier.up_to is None for tier in self.tiers]
        if is_open != [False] * (len(self.tiers) - 1) + [True]:
            raise ValueError("`tiers` must end with an open tier (`up_to: null`), and no other may be open")
        for tier in self.tiers:
            if self.model == "stairstep":
                tier.only({"flat_fee"}, {"unit_price"}, case)
            needed = "flat_fee" if self.model == "stairstep" else "unit_price"
            if getattr(tier, needed) is None:
                raise ValueError(f"`{needed}` is missing in a tier of {case}")


class PromotionEntry(Entry):
    code: str
    company: CompanyCode
    valid_from: dt.date
    valid_to: dt.date | None = None
    percent: Number | None = None
    amount: Number | None = None
    currency: CurrencyCode | None = None
    skus: tuple[Sku, ...] | None = None
    max_redemptions: int | None = None
    accounts: tuple[AccountCode, ...] = ()

    def __post_init__(self) -> None:
        if self.given({"percent", "amount", "currency"}) not in ({"percent"}, {"amount", "currency"}):
            raise ValueError("A promotion has either `percent`, or `amount` and `currency`")
