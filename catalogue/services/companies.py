"""Found companies."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction

from billing_site.common.errors import BillingError
from billing_site.common.time_zones import time_zones
from catalogue.models import Company


class CannotOpenCompany(BillingError):
    """A company with a value that billing could not use."""

    code = "cannot_open_company"


@transaction.atomic
def open_company(
    *,
    code: str,
    name: str,
    country: str,
    currency: str,
    timezone: str,
    parent: Company | None = None,
    number_prefix: str = "",
    address: str = "",
    tax_number: str = "",
    legal_footer: str = "",
    logo: File[bytes] | None = None,
) -> Company:
    """Open a head office, or a sales office of `parent`. Idempotent by `code`. Raises CannotOpenCompany."""
    known = Company.objects.filter(code=code).first()
    if known is not None:
        return known
    company = Company(
        code=code,
        name=name,
        country=country,
        currency_id=currency,
        timezone=timezone,
        parent=parent,
        number_prefix=number_prefix or code,
        address=address,
        tax_number=tax_number,
        legal_footer=legal_footer,
        logo=logo,
    )
    if timezone not in time_zones():
        raise CannotOpenCompany(
            f"{timezone!r} of the company {code} is no time zone; use a name like Europe/Berlin."
        )
    try:
        company.full_clean()
    except ValidationError as problem:
        field, sentences = next(iter(problem.message_dict.items()))
        raise CannotOpenCompany(f"The company {code} has a wrong {field}: {sentences[0]}") from problem
    company.save()
    return company
