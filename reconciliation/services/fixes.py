"""Fix a finding by the service that owns the row; the next run then closes it by itself."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.db import transaction

from billing_site.common.errors import BillingError
from catalogue.domain.rounding import round_money
from catalogue.models import Account, Currency
from catalogue.selectors.reach import Caller
from invoicing.domain.credits import CreditRequest, CreditWish
from invoicing.models import Invoice
from invoicing.services.credit_notes import credit_invoice
from metering.models import AccountPeriod
from metering.services.repeating import mediate_again, rate_again
from reconciliation.domain.fixes import FIXES, NoSuchFix, fixes_of
from reconciliation.models import Finding
from reconciliation.services.finding_work import held_finding, keep_change


class NothingToFix(BillingError):
    """A fix that needs a month or an invoice that is not there."""

    code = "nothing_to_fix"
    is_conflict = True


@transaction.atomic
def fix_finding(*, finding_id: int, fix: str, by: Caller, at: datetime) -> Finding:
    """Call the service that mends the cause. Only the next run says whether it did.

    fix: [of domain/fixes.py]. A credit note is made once for a finding and difference, however often this is
    called. Raises NoSuchFix, NothingToFix and what the service refuses.
    """
    finding = held_finding(finding_id)
    account = finding.account
    possible = fixes_of(finding.level, difference=finding.difference, has_account=account is not None)
    if account is None or finding.state == "fixed" or fix not in possible:
        raise NoSuchFix(f"“{FIXES.get(fix, fix)}” does nothing about this: {finding}.")
    text = _credit(finding, account, at) if fix == "credit" else _do_again(finding, account, fix)
    keep_change(finding, fix, by=by, at=at, text=text)
    return finding


def _do_again(finding: Finding, account: Account, fix: str) -> str:
    if not AccountPeriod.objects.filter(account=account, month=finding.month).exists():
        raise NothingToFix(
            f"{account.code} has no month {finding.month:%Y-%m} yet: nothing was received for it."
        )
    if fix == "mediate_again":
        batches = mediate_again(account=account, month=finding.month, resource=finding.resource)
        return f"{batches} batches wait for mediation, and the month for rating."
    rate_again(account=account, month=finding.month)
    return "The month waits for rating."


def _credit(finding: Finding, account: Account, at: datetime) -> str:
    invoice = (
        Invoice.objects.filter(account=account, month=finding.month, state=Invoice.State.ISSUED)
        .select_related("company")
        .first()
    )
    if invoice is None:
        raise NothingToFix(f"{account.code} has no issued invoice of {finding.month:%Y-%m} to credit.")
    note = credit_invoice(
        invoice=invoice,
        request=_request(finding, invoice),
        request_id=f"finding {finding.pk} {finding.difference.normalize():f}",
        issued_on=at.astimezone(ZoneInfo(invoice.company.timezone)).date(),
        reason=f"Correction of {finding.month:%Y-%m}",
    )
    return f"{note.number} credits {note.gross_amount.normalize():f} {note.currency}."


def _request(finding: Finding, invoice: Invoice) -> CreditRequest:
    """Of a line its net; of a whole invoice the net in whose proportion the gross is the difference."""
    if finding.sku:
        return CreditRequest((CreditWish(finding.sku, finding.difference, finding.resource or None),))
    minor_units = Currency.objects.get(code=invoice.currency).minor_units
    net: Decimal = round_money(
        Fraction(finding.difference) * Fraction(invoice.net_amount) / Fraction(invoice.gross_amount),
        minor_units,
    )
    return CreditRequest(amount=net)
