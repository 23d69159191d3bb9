"""Months closed as a bill run closes them."""

from datetime import date, datetime

from catalogue.models import Company
from metering.services.closing import close_accounts, open_month


def close_month(*, company: Company, month: date, cutoff: datetime) -> None:
    """Open and close the month of all accounts of a company."""
    open_month(company=company, month=month)
    accounts = company.accounts.values_list("pk", flat=True)
    close_accounts(accounts=list(accounts), month=month, cutoff=cutoff)
