"""What a caller may see of the catalogue. Products, currencies, exchange and tax rates are for everyone."""

from django.db.models import F, Q, QuerySet

from catalogue.models import (
    Account,
    ApiKey,
    Company,
    Price,
    PriceImport,
    PriceImportPolicy,
    Promotion,
    User,
)
from catalogue.selectors.reach import Caller, accounts_within, may_see_cost, reach_of, within


def visible_companies(caller: Caller) -> QuerySet[Company]:
    """One row a company, by code; whoever reaches only accounts sees who sells to them."""
    reach = reach_of(caller)
    companies = Company.objects.all()
    return companies if reach.all else companies.filter(pk__in=reach.company_ids)


def visible_accounts(caller: Caller) -> QuerySet[Account]:
    """One row an account, by code."""
    return accounts_within(reach_of(caller)).select_related("company")


def visible_prices(caller: Caller) -> QuerySet[Price]:
    """One row an entry of a price book, superseded ones too.

    The book of a company with sales offices is their cost: it is shown to those who may see cost, to its
    sales offices too, together with what it agreed for their accounts. Whoever reaches only accounts sees
    the book and what was agreed with them.
    """
    reach = reach_of(caller)
    prices = Price.objects.select_related("company", "product", "account").prefetch_related("tiers")
    if reach.all:
        return prices
    visible = Q(company__in=reach.company_ids)
    if reach.account_ids is not None:
        visible &= Q(account=None) | Q(account__in=reach.account_ids)
    head_offices = Company.objects.filter(sales_offices__isnull=False).values("pk")
    if not may_see_cost(caller):
        return prices.filter(visible).exclude(company__in=head_offices)
    paid_by_them = Company.objects.filter(sales_offices__in=reach.company_ids).values("pk")
    of_their_accounts = Q(account=None) | Q(account__company__in=reach.company_ids)
    return prices.filter(visible | (Q(company__in=paid_by_them) & of_their_accounts))


def visible_price_imports(caller: Caller) -> QuerySet[PriceImport]:
    """One row a price file; a head office's holds cost, and so is shown to those who may see it."""
    files = within(
        PriceImport.objects.select_related("company", "uploaded_by"), reach_of(caller), company="company"
    )
    return files if may_see_cost(caller) else files.exclude(company__parent=None)


def visible_price_file_companies(caller: Caller) -> QuerySet[Company]:
    """One row a company whose price files the caller may see, head offices first."""
    companies = within(Company.objects.all(), reach_of(caller), company="pk")
    shown = companies if may_see_cost(caller) else companies.exclude(parent=None)
    return shown.order_by(F("parent").asc(nulls_first=True), "code")


def visible_price_import_policies(caller: Caller) -> QuerySet[PriceImportPolicy]:
    """One row how a head office and its sales offices take price files."""
    policies = PriceImportPolicy.objects.select_related("company")
    return within(policies, reach_of(caller), company="company")


def visible_promotions(caller: Caller) -> QuerySet[Promotion]:
    """One row a promotion of a company; callers who reach only accounts see them on their invoices."""
    return within(Promotion.objects.select_related("company"), reach_of(caller), company="company")


def visible_api_keys(caller: Caller) -> QuerySet[ApiKey]:
    """One row a key of a company or of one of its accounts."""
    return within(ApiKey.objects.select_related("company", "account"), reach_of(caller), company="company")


def visible_users(caller: Caller) -> QuerySet[User]:
    """One row a person: the operators of the companies and the customers of their accounts."""
    reach = reach_of(caller)
    users = User.objects.select_related("company")
    if reach.all:
        return users
    if reach.account_ids is not None:
        return users.none()
    customers = User.accounts.through.objects.filter(account__company__in=reach.company_ids).values("user")
    return users.filter(
        Q(company__in=reach.company_ids) | Q(company=None, pk__in=customers), is_superuser=False
    )
