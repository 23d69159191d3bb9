"""What waits for a person: have it looked at again, and know what it may come to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from billing_site.common import sql
from catalogue.domain.price import price_quantity
from catalogue.domain.rounding import round_money
from catalogue.models import Account, Company, Currency
from catalogue.selectors.price_lookup import Found, PriceQuestion, prices_at
from metering.models import EventException
from metering.services.waking import wake_mediation, wake_rating

AT_ONCE = 1_000
# Rating leaves out what comes to as much.
_BEYOND_MEASURE = Decimal(10) ** 16
# Prices change: what an open exception may come to is estimated again after this time.
_ESTIMATES_HOLD = timedelta(days=1)


@transaction.atomic
def retry_exceptions(*, ids: Collection[int]) -> None:
    """Have the events (or the unpriced month) of open exceptions looked at again by the jobs that found them.

    What is not the case any more closes within seconds; what is still so stays open. Their money at risk is
    estimated anew. A second call before the jobs have run changes nothing.
    """
    asked = {"ids": list(ids)}
    sql.run("metering", "requeue_exceptions", asked)
    sql.run("metering", "stale_for_exceptions", asked)
    EventException.objects.filter(pk__in=asked["ids"], closed_at=None).update(estimated_at=None)
    transaction.on_commit(wake_mediation)
    transaction.on_commit(wake_rating)


def requeue_healed() -> int:
    """Have events mediated again whose product, unit factor or account is there by now: count the batches."""
    return sql.run("metering", "requeue_healed_exceptions")


def estimate_money_at_risk(*, now: datetime, at_once: int = AT_ONCE) -> int:
    """Estimate what open exceptions may come to, new ones and those of yesterday; return how many there were.

    A record is worth its quantity, alone, at the price that would apply; a gap what the record before it
    would come to for the time missing. What changes nothing is worth nothing, and the rest is not known, nor
    is what no invoice could say.
    """
    total = 0
    while estimated := _estimate_some(now=now, at_once=at_once):
        total += estimated
    return total


@transaction.atomic
def _estimate_some(*, now: datetime, at_once: int) -> int:
    due = Q(estimated_at=None) | Q(estimated_at__lt=now - _ESTIMATES_HOLD)
    exceptions = list(
        EventException.objects.filter(due, closed_at=None)
        .order_by(F("estimated_at").asc(nulls_first=True), "id")
        .select_for_update(skip_locked=True)[:at_once]
    )
    if not exceptions:
        return 0
    worth = _worth([exception.pk for exception in exceptions])
    for exception in exceptions:
        exception.money_at_risk, exception.currency = worth.get(exception.pk, (None, ""))
        if exception.kind == EventException.Kind.REDUNDANT_TRANSITION:
            exception.money_at_risk = Decimal(0)
        exception.estimated_at = now
    EventException.objects.bulk_update(exceptions, ["money_at_risk", "currency", "estimated_at"])
    return len(exceptions)


def _worth(ids: list[int]) -> dict[int, tuple[Decimal, str]]:
    """Return amount and currency by exception, where a price applies; 5 queries."""
    rows = sql.rows("metering", "records_of_exceptions", {"ids": ids})
    accounts = Account.objects.in_bulk({row["account_id"] for row in rows if row["account_id"]})
    # The head office's own book is cost: an event that it sent for nobody known has no price yet.
    offices = Company.objects.filter(parent__isnull=False).in_bulk({row["company_id"] for row in rows})
    minor_units = dict(Currency.objects.values_list("code", "minor_units"))
    asked = [(row, question) for row in rows if (question := _question(row, accounts, offices))]
    found = prices_at([question for _, question in asked])
    return {
        row["id"]: (amount, question.currency)
        for (row, question), answer in zip(asked, found, strict=True)
        if (amount := _amount(row, answer, minor_units[question.currency])) is not None
        and amount < _BEYOND_MEASURE
    }


def _question(
    row: dict[str, Any], accounts: dict[int, Account], offices: dict[int, Company]
) -> PriceQuestion | None:
    account, office = accounts.get(row["account_id"]), offices.get(row["company_id"])
    if account is not None:
        company_id, currency = account.company_id, account.currency_id
    elif office is not None:
        company_id, currency = office.pk, office.currency_id
    else:
        return None
    return PriceQuestion(company_id, row["sku"], currency, account.pk if account else None, row["instant"])


def _amount(row: dict[str, Any], found: Found, minor_units: int) -> Decimal | None:
    if found.price is None:
        return None
    quantity = Fraction(row["numerator"]) / Fraction(row["denominator"])
    return round_money(price_quantity(found.price.terms, quantity, records=1).amount, minor_units)
