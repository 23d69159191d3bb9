"""Give people a login."""

from collections.abc import Collection, Iterable

from django.contrib.auth.models import Group
from django.db import transaction

from catalogue.models import Account, Company, User


@transaction.atomic
def ensure_person(
    *,
    username: str,
    password: str,
    roles: Collection[str] = (),
    company: Company | None = None,
    accounts: Iterable[Account] = (),
    superuser: bool = False,
) -> User:
    """Make a person with roles: an operator of a company, or a customer of accounts.

    Idempotent by `username`. Who exists keeps the password; roles, company and accounts become what is given.
    """
    user, created = User.objects.get_or_create(username=username)
    if created:
        user.set_password(password)
    user.company = company
    user.is_staff = company is not None or superuser
    user.is_superuser = superuser
    user.save()
    user.groups.set(Group.objects.filter(name__in=list(roles)))
    user.accounts.set(accounts)
    return user
