"""Take in what finance booked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction

from billing_site.common.errors import BillingError
from catalogue.models import Account, Company
from reconciliation.models import FinanceTotal


class UnknownFinanceAccount(BillingError):
    """A total names an account that the company does not have; nothing is stored."""

    code = "unknown_finance_account"


@transaction.atomic
def record_finance_totals(*, company: Company, month: date, totals: Mapping[str, Decimal]) -> None:
    """Replace what finance booked for a company's month.

    month: [its first day]. totals: [account code: gross less credit notes, in its currency]. The
    same totals again change nothing. Raises UnknownFinanceAccount.
    """
    Company.objects.select_for_update().get(pk=company.pk)
    accounts = dict(Account.objects.filter(company=company, code__in=totals).values_list("code", "pk"))
    unknown = sorted(set(totals) - set(accounts))
    if unknown:
        raise UnknownFinanceAccount(
            f"Finance's totals of {month:%Y-%m} name {', '.join(unknown)}, which {company.code} does not "
            "have; correct the codes, or send the totals of each company by themselves."
        )
    FinanceTotal.objects.filter(company=company, month=month).delete()
    FinanceTotal.objects.bulk_create(
        FinanceTotal(company=company, month=month, account_id=accounts[code], amount=amount)
        for code, amount in totals.items()
    )
