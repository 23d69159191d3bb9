"""Who may see what: one rule for people and for API keys, for pages and for the API.

Every list and every look-up begins with a queryset narrowed here, so that what lies outside a caller's reach
is answered exactly as what does not exist.
"""

from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from django.db.models import Model, Q, QuerySet

from catalogue.models import Account, ApiKey, Company, Scope, User

Caller: TypeAlias = User | ApiKey
_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Reach:
    """Everything; or companies with all their accounts; or (`account_ids`) single accounts of companies."""

    all: bool = False
    company_ids: frozenset[int] = frozenset()
    account_ids: frozenset[int] | None = None


def reach_of_user(user: User) -> Reach:
    """Return what a person reaches; at most one query.

    A superuser: everything. An operator of a head office: it and its sales offices; of a sales office: only
    that. A customer (no company): the accounts listed with them. Anyone else: nothing.
    """
    if user.is_superuser:
        return Reach(all=True)
    if user.company_id is not None:
        return Reach(company_ids=_with_sales_offices(user.company_id))
    accounts = dict(user.accounts.values_list("pk", "company_id"))
    return Reach(company_ids=frozenset(accounts.values()), account_ids=frozenset(accounts))


def reach_of_key(key: ApiKey) -> Reach:
    """Return what a key reaches: what an operator of its company would, or only its account."""
    if key.account_id is not None:
        return Reach(company_ids=frozenset([key.company_id]), account_ids=frozenset([key.account_id]))
    return Reach(company_ids=_with_sales_offices(key.company_id))


def reach_of(caller: Caller) -> Reach:
    """Return the reach of a person or a key."""
    return reach_of_key(caller) if isinstance(caller, ApiKey) else reach_of_user(caller)


def within(
    queryset: QuerySet[_Row], reach: Reach, *, company: str | None = None, account: str | None = None
) -> QuerySet[_Row]:
    """Narrow rows to a reach by the fields that hold their company and account (or the ids of these).

    Name `company` where a row belongs to a company whatever its account; name only `account` where it belongs
    to the account's company. Rows without an account are nothing to a caller who reaches single accounts.
    """
    if reach.all:
        return queryset
    if reach.account_ids is not None:
        return queryset.filter(**{f"{account}__in": reach.account_ids}) if account else queryset.none()
    if company:
        return queryset.filter(**{f"{company}__in": reach.company_ids})
    return queryset.filter(**{f"{account}__in": accounts_within(reach).values("pk")})


def accounts_within(reach: Reach) -> QuerySet[Account]:
    """Return the accounts of a reach: one row an account, by code."""
    return within(Account.objects.all(), reach, company="company", account="pk")


def may_see_cost(caller: Caller) -> bool:
    """Say whether cost charges, the head office's prices and margin are shown; customers never see them."""
    if isinstance(caller, ApiKey):
        return caller.account_id is None and Scope.COST_READ in caller.scopes
    is_operator = caller.is_superuser or caller.company_id is not None
    return is_operator and caller.has_perm("catalogue.view_cost")


def _with_sales_offices(company_id: int) -> frozenset[int]:
    return frozenset(
        Company.objects.filter(Q(pk=company_id) | Q(parent_id=company_id)).values_list("pk", flat=True)
    )
