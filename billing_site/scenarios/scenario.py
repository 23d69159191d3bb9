"""A scenario as a whole: what there is before the story begins, and its steps in order."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from billing_site.scenarios.declarations import (
    AccountEntry,
    CompanyEntry,
    Entry,
    ExchangeRateEntry,
    PriceEntry,
    ProductEntry,
    PromotionEntry,
    TaxRateEntry,
)
from billing_site.scenarios.timeline import STEPS
from billing_site.scenarios.values import AccountCode, CompanyCode, Moment, read_value


class Step:
    """One entry of the timeline: its key, and what the file tells under it."""

    def __init__(self, key: str, told: Any) -> None:
        self.key, self.told = key, told

    @classmethod
    def read(cls, written: object) -> "Step":
        if not isinstance(written, dict) or len(written) != 1:
            raise ValueError("A step is a mapping with exactly one key")
        [(key, told)] = written.items()
        if key not in STEPS:
            raise ValueError(f"`{key}` is not a step")
        try:
            return cls(key, msgspec.convert(told, STEPS[key], dec_hook=read_value))
        except msgspec.ValidationError as error:
            # A plain ValueError, so that the path of the whole file is added to the one inside the step.
            problem, _, inside = str(error).partition(" - at `$")
            raise ValueError(f"{problem} - at `$.{key}{inside.rstrip('`')}`") from None


class Scenario(Entry):
    """The keys of a file."""

    scenario: str
    title: str
    why: str
    companies: tuple[CompanyEntry, ...]
    exchange_rates: tuple[ExchangeRateEntry, ...] = ()
    tax_rates: tuple[TaxRateEntry, ...] = ()
    accounts: tuple[AccountEntry, ...] = ()
    products: tuple[ProductEntry, ...] = ()
    prices: tuple[PriceEntry, ...] = ()
    promotions: tuple[PromotionEntry, ...] = ()
    timeline: tuple[Step, ...] = ()

    def steps(self) -> Iterator[tuple[str, Step]]:
        """Yield the steps in order, each with its place in the file."""
        for position, step in enumerate(self.timeline):
            yield f"timeline[{position}].{step.key}", step

    def company(self, code: CompanyCode) -> CompanyEntry:
        return next(company for company in self.companies if company.code == code)

    def account(self, code: AccountCode) -> AccountEntry:
        return next(account for account in self.accounts if account.code == code)

    def at_company(self, moment: Moment, code: CompanyCode) -> dt.datetime:
        """The instant of a moment by the company's clock."""
        return moment.instant(self.company(code).timezone)

    def at_account(self, moment: Moment, code: AccountCode) -> dt.datetime:
        """The instant of a moment by the account's clock."""
        return moment.instant(self.zone(code))

    def zone(self, code: AccountCode) -> ZoneInfo:
        account = self.account(code)
        return account.timezone or self.company(account.company).timezone
