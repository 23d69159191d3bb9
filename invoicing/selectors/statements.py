"""The statement of an account for some days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, Sum

from billing_site.common.errors import BillingError
from catalogue.models import Account
from invoicing.domain.statements import Entry, Statement, draw_up
from invoicing.domain.sums import exact_sum, subtract
from invoicing.models import CreditNote, Invoice, Payment


class InvalidDays(BillingError):
    """Days that end before they begin."""

    code = "invalid_days"


def statement_of(
    *, account: Account, first_on: date, last_on: date, currency: str | None = None
) -> Statement:
    """Return what the account owed, its documents and payments in order, and what it owes; 6 queries.

    first_on, last_on: [days, both included] currency: default the account's; nothing is ever added up across
    currencies. Raises InvalidDays.
    """
    if last_on < first_on:
        raise InvalidDays(f"The statement ends on {last_on}, before it begins on {first_on}.")
    of = currency or account.currency_id
    invoices = Invoice.objects.filter(account=account, currency=of, state=Invoice.State.ISSUED)
    notes = CreditNote.objects.filter(account=account, currency=of)
    payments = Payment.objects.filter(account=account, currency=of)
    credited_before = exact_sum(
        [
            _sum(notes.filter(issued_on__lt=first_on), "gross_amount"),
            _sum(payments.filter(received_on__lt=first_on), "amount"),
        ]
    )
    opening = subtract(_sum(invoices.filter(issued_on__lt=first_on), "gross_amount"), credited_before)
    days = (first_on, last_on)
    entries = [
        *_invoices(invoices.filter(issued_on__range=days)),
        *_credit_notes(notes.filter(issued_on__range=days)),
        *_payments(payments.filter(received_on__range=days)),
    ]
    return draw_up(of, first_on, last_on, opening, entries)


def _sum(rows: QuerySet[Any], amount: str) -> Decimal:
    return rows.order_by().aggregate(sum=Sum(amount))["sum"] or Decimal(0)


def _invoices(rows: QuerySet[Invoice]) -> Iterator[Entry]:
    for number, on, amount in rows.values_list("number", "issued_on", "gross_amount"):
        assert number is not None and on is not None
        yield Entry(on, "invoice", number, "", amount)


def _credit_notes(rows: QuerySet[CreditNote]) -> Iterator[Entry]:
    named = rows.annotate(named=F("invoice__number"))
    for number, on, invoice, amount in named.values_list("number", "issued_on", "named", "gross_amount"):
        yield Entry(on, "credit_note", number, invoice or "", amount.copy_negate())


def _payments(rows: QuerySet[Payment]) -> Iterator[Entry]:
    named = rows.annotate(named=F("invoice__number"))
    for number, on, invoice, amount in named.values_list("reference", "received_on", "named", "amount"):
        yield Entry(on, "payment", number, invoice or "", amount.copy_negate())
