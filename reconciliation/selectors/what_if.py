"""A month's real usage priced with other prices, by the statements of rating; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction

from billing_site.common import sql
from billing_site.common.errors import BillingError
from catalogue.domain.periods import month_cycle
from catalogue.domain.rounding import round_money
from catalogue.models import Company, Currency, PriceImport, Product
from catalogue.selectors.exchange_rates import exchange_rate_on
from metering.models import Charge
from metering.selectors.target_charges import compute_target_charges
from reconciliation.domain.margin import Margin
from reconciliation.domain.what_if import Change, PriceRule

# More of them are not priced twice while a page waits.
MOST_CHARGES = 50_000


class TooMuchToTry(BillingError):
    """A month that is too large for a page."""

    code = "too_much_to_try"


class NothingToTry(BillingError):
    """A rule that changes no price."""

    code = "nothing_to_try"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Each product and each account of the month, by its key; amounts in the head office's currency.

    One rate a currency, the last on or before the month's end; each row, and the whole, is rounded once.
    """

    month: date
    currency: str
    whole: Change
    products: tuple[Change, ...]
    accounts: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Earned:
    """What one pricing comes to by SKU and by account, with their names; `used` has the ids of products."""

    whole: Margin
    products: dict[str, Margin]
    accounts: dict[str, Margin]
    product_names: dict[str, str]
    account_names: dict[str, str]
    used: list[int]


def what_if_rule(*, company: Company, month: date, rule: PriceRule, as_of: datetime) -> WhatIf:
    """Return what a rule for the book of a company would have made of a month of its customers.

    Raises InvalidRule, NothingToTry, TooMuchToTry and NoExchangeRate.
    """
    before = _price([company], month, as_of, lambda: False)
    factors = _factors(company, rule, before)
    return _set_beside([company], month, as_of, before, lambda: _try_scaled(company, rule, factors))


def what_if_import(
    *, price_import: PriceImport, companies: Sequence[Company], month: date, as_of: datetime
) -> WhatIf:
    """Return what a checked price file would have made of a month of the customers of companies.

    Its prices count as if they had been in force all the month. Raises as what_if_rule does.
    """

    def try_it() -> bool:
        return bool(sql.run("reconciliation", "try_imported_prices", {"price_import": price_import.pk}))

    return _set_beside(companies, month, as_of, _price(companies, month, as_of, lambda: False), try_it)


@transaction.atomic
def draft_prices(
    *, company: Company, month: date, rule: PriceRule, as_of: datetime, at: datetime
) -> list[dict[str, Any]]:
    """Return the prices that a rule makes of those in force at an instant: one row a SKU and currency."""
    factors = _factors(company, rule, _price([company], month, as_of, lambda: False))
    with transaction.atomic():
        _try_scaled(company, rule, factors)
        rows = sql.rows("reconciliation", "draft_prices", {"at": at})
        transaction.set_rollback(True)
    return rows


def _set_beside(
    companies: Sequence[Company], month: date, as_of: datetime, before: _Earned, try_it: Callable[[], bool]
) -> WhatIf:
    after = _price(companies, month, as_of, try_it)
    nothing = Margin.nothing(_reporting(companies))

    def changes(
        was: Mapping[str, Margin], would_be: Mapping[str, Margin], names: Mapping[str, str]
    ) -> tuple[Change, ...]:
        return tuple(
            Change(key, names[key], was.get(key, nothing), would_be.get(key, nothing))
            for key in sorted(names)
        )

    return WhatIf(
        month,
        nothing.currency,
        Change("all", "", before.whole, after.whole),
        changes(before.products, after.products, before.product_names | after.product_names),
        changes(before.accounts, after.accounts, before.account_names | after.account_names),
    )


@transaction.atomic
def _price(companies: Sequence[Company], month: date, as_of: datetime, try_it: Callable[[], bool]) -> _Earned:
    """Price the month with the books, or with those that try_it puts before them; nothing is kept."""
    ids = [company.pk for company in companies]
    _refuse_too_much(ids, month)
    with transaction.atomic():
        sql.run("metering", "drop_rating_tables")
        if try_it():
            books = {*ids, *(company.parent_id for company in companies if company.parent_id)}
            sql.run("reconciliation", "try_book", {"books": list(books)})
            sql.run("reconciliation", "try_tiers")
        sql.run("reconciliation", "what_if_periods", {"companies": ids, "month": month, "as_of": as_of})
        compute_target_charges(received_by=None)
        found = {
            by: sql.rows("reconciliation", "what_if_amounts", {"by": by})
            for by in ("all", "product", "account")
        }
        transaction.set_rollback(True)
    currency = _reporting(companies)
    convert = _converter(currency, month)
    return _Earned(
        _margins(found["all"], convert, currency).get("", Margin.nothing(currency)),
        _margins(found["product"], convert, currency),
        _margins(found["account"], convert, currency),
        {row["key"]: row["detail"] for row in found["product"]},
        {row["key"]: row["detail"] for row in found["account"]},
        [row["product_id"] for row in found["product"]],
    )


def _refuse_too_much(companies: Sequence[int], month: date) -> None:
    charges = Charge.objects.filter(month=month, company_id__in=companies, side=Charge.Side.SELL)
    if charges.order_by()[: MOST_CHARGES + 1].count() > MOST_CHARGES:
        raise TooMuchToTry(
            f"{month:%B %Y} has more than {MOST_CHARGES:,} charges, too many to price twice while you wait: "
            "try the prices with one sales office."
        )


def _factors(company: Company, rule: PriceRule, before: _Earned) -> dict[int, Fraction]:
    """What the prices of each product are multiplied by; a percent is for what was not used, too."""
    products = Product.objects.all()
    if rule.product:
        products = products.filter(sku=rule.product)
    if rule.family:
        products = products.filter(family=rule.family)
    if rule.kind == "target":
        products = products.filter(pk__in=before.used)
    nothing = Margin.nothing(_reporting([company]))
    factors = {
        pk: factor
        for pk, sku in products.values_list("pk", "sku")
        if (factor := rule.factor(before.products.get(sku, nothing))) is not None
    }
    if not factors:
        raise NothingToTry("This rule changes no price: no product is meant by it, or all earn enough.")
    return factors


def _try_scaled(company: Company, rule: PriceRule, factors: Mapping[int, Fraction]) -> bool:
    asked = {
        "company": company.pk,
        "products": list(factors),
        "numerators": [factor.numerator for factor in factors.values()],
        "denominators": [factor.denominator for factor in factors.values()],
        "places": rule.decimals,
    }
    return bool(sql.run("reconciliation", "try_scaled_prices", asked))


def _reporting(companies: Sequence[Company]) -> str:
    first = companies[0]
    return (first.parent or first).currency_id


def _converter(currency: str, month: date) -> Callable[[str, Decimal], Decimal]:
    last_day = month_cycle(month).ends_on - timedelta(days=1)
    places = Currency.objects.get(code=currency).minor_units
    rates: dict[str, Fraction] = {}

    def convert(of: str, amount: Decimal) -> Decimal:
        if of not in rates:
            rates[of] = exchange_rate_on(of, currency, last_day).rate
        return round_money(Fraction(amount) * rates[of], places)

    return convert


def _margins(
    rows: Sequence[Mapping[str, Any]], convert: Callable[[str, Decimal], Decimal], currency: str
) -> dict[str, Margin]:
    sums: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        of_key = sums.setdefault(row["key"], {"sell": Decimal(0), "cost": Decimal(0)})
        of_key[row["side"]] += convert(row["currency"], row["amount"])
    return {key: Margin(currency, both["sell"], both["cost"]) for key, both in sums.items()}
