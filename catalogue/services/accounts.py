"""Open the accounts of customers."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from billing_site.common.errors import BillingError
from catalogue.models import Account, Company, Currency


class CannotOpenAccount(BillingError):
    """An account with a value that billing could not use."""

    code = "cannot_open_account"


@transaction.atomic
def open_account(
    *,
    code: str,
    company: Company,
    name: str = "",
    currency: str = "",
    country: str = "",
    timezone: str = "",
    locale: str = "en",
    address: str = "",
    email: str = "",
    tax_number: str = "",
    late_usage: str = Account.LateUsage.NEXT_INVOICE,
    opened_at: datetime | None = None,
    external_id: str = "",
) -> Account:
    """Open an account; currency, country and time zone are the company's unless given.

    Idempotent by `code`: an account of the company that is there already is returned as it is. Raises
    CannotOpenAccount.
    """
    known = Account.objects.filter(code=code).first()
    if known is not None:
        if known.company_id != company.pk:
            raise CannotOpenAccount(f"The account code {code} is taken; choose another.")
        return known
    account = Account(
        code=code,
        company=company,
        name=name or code,
        currency_id=currency or company.currency_id,
        country=country or company.country,
        timezone=timezone or company.timezone,
        locale=locale,
        address=address,
        email=email,
        tax_number=tax_number,
        late_usage=late_usage,
        opened_at=opened_at,
        external_id=external_id,
    )
    if not Currency.objects.filter(code=account.currency_id).exists():
        raise CannotOpenAccount(
            f"The currency {account.currency_id} of the account {code} is not in the catalogue; add it first."
        )
    try:
        account.full_clean()
    except ValidationError as problem:
        field, sentences = next(iter(problem.message_dict.items()))
        raise CannotOpenAccount(f"The account {code} has a wrong {field}: {sentences[0]}") from problem
    account.save()
    return account
