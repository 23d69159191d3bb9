"""Give and withdraw the keys of programs."""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from billing_site.common.errors import BillingError
from catalogue.models import Account, ApiKey, Company, Scope
from catalogue.selectors.api_keys import KEY_START, hash_of_secret

_PREFIX_BYTES = 6
_SECRET_BYTES = 32
_OF_AN_ACCOUNT = {Scope.CATALOGUE_READ.value, Scope.BILLING_READ.value}


class CannotCreateKey(BillingError):
    """A key that would reach what it must not, or do nothing."""

    code = "cannot_create_key"


def check_api_key(*, company: Company, account: Account | None, scopes: Collection[str]) -> None:
    """Raise CannotCreateKey if no key may reach this, or do this."""
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown or not scopes:
        raise CannotCreateKey(
            f"{unknown[0] if unknown else 'Nothing'} is no scope; choose from {', '.join(Scope.values)}."
        )
    if account is not None and account.company_id != company.pk:
        raise CannotCreateKey(
            f"The company {company.code} has no account {account.code}; choose one of its own."
        )
    beyond = sorted(set(scopes) - _OF_AN_ACCOUNT)
    if account is not None and beyond:
        raise CannotCreateKey(
            f"A key of an account cannot have {beyond[0]}: it may only read what is the account's own."
        )


@transaction.atomic
def create_api_key(
    *,
    name: str,
    company: Company,
    account: Account | None = None,
    scopes: Collection[str],
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Create a key and return it with its text `mk_<prefix>.<secret>`, which can never be shown again.

    Raises CannotCreateKey. Not idempotent: each call is another key.
    """
    check_api_key(company=company, account=account, scopes=scopes)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    key = ApiKey.objects.create(
        name=name,
        prefix=secrets.token_hex(_PREFIX_BYTES),
        secret_hash=hash_of_secret(secret),
        company=company,
        account=account,
        scopes=[scope for scope in Scope.values if scope in scopes],
        expires_at=expires_at,
    )
    return key, f"{KEY_START}{key.prefix}.{secret}"


@transaction.atomic
def revoke_api_key(*, key: ApiKey, revoked_at: datetime) -> ApiKey:
    """End a key at an instant; a key that was revoked before stays so from then."""
    key = ApiKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at = revoked_at
        key.save(update_fields=["revoked_at"])
    return key
