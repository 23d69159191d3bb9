"""What is paid, open and unapplied: computed from allocations and credit notes, never stored (rule 14)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from billing_site.common.base_models import AMOUNT_DIGITS, AMOUNT_PLACES
from catalogue.models import Account
from invoicing.domain.sums import exact_sum
from invoicing.models import CreditNote, Invoice, Payment, PaymentAllocation

_MONEY = DecimalField(max_digits=AMOUNT_DIGITS, decimal_places=AMOUNT_PLACES)
_NOTHING = Value(Decimal(0), output_field=_MONEY)


@dataclass(frozen=True, slots=True)
class Balance:
    """One row is an account and a currency.

    `due` is open on its invoices; `unapplied` is money and credit that no invoice uses [both 0 or more].
    """

    account_id: int
    currency: str
    due: Decimal
    unapplied: Decimal


def with_amounts(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """The same invoices, each with `paid_amount`, `credited_amount`, `open_amount` and `unapplied_amount`.

    Open is the gross less both of the first, and never below 0; what they are too much is unapplied.
    """
    left = F("gross_amount") - F("paid_amount") - F("credited_amount")
    return invoices.annotate(
        paid_amount=_sum(PaymentAllocation, "amount"),
        credited_amount=_sum(CreditNote, "gross_amount"),
    ).annotate(open_amount=Greatest(left, _NOTHING), unapplied_amount=Greatest(_NOTHING - left, _NOTHING))


def open_amount(invoice: Invoice) -> Decimal:
    """Return what is still to be paid of an invoice [money, 0 or more]; one query."""
    found = with_amounts(Invoice.objects.filter(pk=invoice.pk)).aggregate(amount=Sum("open_amount"))
    amount: Decimal = found["amount"]
    return amount


def unapplied_amount(payment: Payment) -> Decimal:
    """Return what of a payment settles no invoice [money, 0 or more]; one query."""
    settling = PaymentAllocation.objects.filter(payment=payment).values_list("amount", flat=True)
    return exact_sum([payment.amount, *(amount.copy_negate() for amount in settling)])


def balances_of(accounts: Iterable[Account]) -> list[Balance]:
    """Return one row an account and currency in which it has something, by account and currency; 2 queries.

    An account always has a row in its own currency. Drafts do not count.
    """
    known = list(accounts)
    rows = {
        (account.pk, account.currency_id): Balance(account.pk, account.currency_id, Decimal(0), Decimal(0))
        for account in known
    }
    invoices = with_amounts(Invoice.objects.filter(account__in=known, state=Invoice.State.ISSUED))
    billed = invoices.order_by().values("account_id", "currency")
    for row in billed.annotate(due=Sum("open_amount"), unapplied=Sum("unapplied_amount")):
        rows[row["account_id"], row["currency"]] = Balance(**row)
    payments = Payment.objects.filter(account__in=known).order_by().values("account_id", "currency")
    allocated = PaymentAllocation.objects.filter(payment=OuterRef("pk")).order_by().values("payment")
    used = Coalesce(Subquery(allocated.annotate(sum=Sum("amount")).values("sum")), _NOTHING)
    for paid in payments.annotate(left=Sum(F("amount") - used)):
        key = paid["account_id"], paid["currency"]
        before = rows.get(key, Balance(*key, Decimal(0), Decimal(0)))
        rows[key] = Balance(*key, before.due, exact_sum([before.unapplied, paid["left"]]))
    return [rows[key] for key in sorted(rows)]


def _sum(model: type[PaymentAllocation] | type[CreditNote], amount: str) -> Any:
    """What all rows that name the invoice come to."""
    rows = model._default_manager.filter(invoice=OuterRef("pk")).order_by().values("invoice")
    return Coalesce(Subquery(rows.annotate(sum=Sum(amount)).values("sum")), _NOTHING)
