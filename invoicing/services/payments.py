"""Record money that came in, and let it settle the invoice that it names and no other (rule 14)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from billing_site.common.errors import BillingError
from catalogue.domain.rounding import round_money, show
from catalogue.models import Account, Currency
from invoicing.domain.payment_allocation import applied_amount
from invoicing.models import Invoice, Payment, PaymentAllocation
from invoicing.selectors.balances import open_amount

_FIRST_DAY = date(1970, 1, 1)


class InvalidPayment(BillingError):
    """A payment that cannot be: no amount, finer than its currency, not yet, of somebody else's invoice."""

    code = "invalid_payment"


class PaymentKnown(BillingError):
    """A payment under a reference under which another one is recorded."""

    code = "payment_known"
    is_conflict = True


@transaction.atomic
def record_payment(
    *,
    account: Account,
    reference: str,
    amount: Decimal,
    received_on: date,
    today: date,
    invoice: Invoice | None = None,
) -> Payment:
    """Record a payment of an account; the invoice that it names takes what is open of it.

    received_on: [local day of the company, not after `today`, which is one too] amount: [money of the
    invoice's currency, else of the account's] What the invoice has no use for, and a
    payment that names none, is unapplied: nothing is matched by guess. Two at once on one invoice: the second
    waits for its row lock and takes what the first left open. Idempotent by the account's company and
    reference: the same again returns the payment that stands, other content raises PaymentKnown.
    Raises InvalidPayment.
    """
    currency = Currency.objects.get(pk=invoice.currency if invoice else account.currency_id)
    _check(account, amount, currency, invoice)
    _require_that_it_came_in(account, received_on, today)
    content = {"account": account, "amount": amount, "received_on": received_on, "invoice": invoice}
    payment, is_new = Payment.objects.get_or_create(
        company_id=account.company_id, reference=reference, defaults={**content, "currency": currency.pk}
    )
    if not is_new:
        if {name: getattr(payment, name) for name in content} != content:
            raise PaymentKnown(
                f"The payment {reference} is recorded with other content: {show(payment.amount, 12)} "
                f"{payment.currency} received on {payment.received_on}. Use the reference of this one."
            )
        return payment
    if invoice is not None:
        _apply(payment, invoice)
    return payment


def _apply(payment: Payment, invoice: Invoice) -> None:
    Invoice.objects.select_for_update(no_key=True).only("pk").get(pk=invoice.pk)
    applied = applied_amount(payment.amount, open_amount(invoice))
    if applied:
        PaymentAllocation.objects.create(payment=payment, invoice=invoice, amount=applied)


def _require_that_it_came_in(account: Account, received_on: date, today: date) -> None:
    if not _FIRST_DAY <= received_on <= today:
        raise InvalidPayment(
            f"Money came in on a day from {_FIRST_DAY} to {today}, which is today where "
            f"{account.company.code} is, and not on {received_on}."
        )


def _check(account: Account, amount: Decimal, currency: Currency, invoice: Invoice | None) -> None:
    if not amount.is_finite() or amount <= 0:
        raise InvalidPayment(f"The amount of a payment must be above 0, and is {amount}.")
    if round_money(amount, currency.minor_units) != amount:
        raise InvalidPayment(
            f"{show(amount, 12)} has more decimals than {currency.pk}, which has {currency.minor_units}."
        )
    if invoice is None:
        return
    if invoice.account_id != account.pk:
        raise InvalidPayment(f"The invoice {invoice} is not one of {account.code}: name one of its own.")
    if invoice.state != Invoice.State.ISSUED:
        raise InvalidPayment(f"{invoice} is not issued yet: only an issued invoice can be paid.")
