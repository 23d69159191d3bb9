"""The demo's people. Their passwords are no secret: they exist only where the demo was run."""

from collections.abc import Collection
from dataclasses import dataclass

from catalogue.models import Account, Company
from catalogue.selectors.roles import Role
from catalogue.services.people import ensure_person


@dataclass(frozen=True, slots=True)
class Login:
    """One row is a person: an operator of a company, or a customer of an account."""

    username: str
    password: str
    what_for: str
    roles: Collection[Role] = ()
    company: str = ""
    account: str = ""
    superuser: bool = False


LOGINS = (
    Login("admin", "demo-admin-2023", "console: everything", company="HQ", superuser=True),
    Login(
        "finance", "demo-finance-2023", "console: finance of the head office", {Role.FINANCE}, company="HQ"
    ),
    Login(
        "tokyo",
        "demo-tokyo-2023",
        "console: billing admin of the office in Japan",
        {Role.BILLING_ADMIN},
        "JP",
    ),
    Login("customer", "demo-customer-2023", "portal: a customer in Japan", account="acct-jp-1"),
    Login("kuwait", "demo-kuwait-2023", "portal: a customer in Kuwait", account="acct-kw-1"),
)


def ensure_logins() -> None:
    """Make the demo's people; a second run changes nothing."""
    for login in LOGINS:
        ensure_person(
            username=login.username,
            password=login.password,
            roles=login.roles,
            company=Company.objects.get(code=login.company) if login.company else None,
            accounts=Account.objects.filter(code=login.account),
            superuser=login.superuser,
        )
