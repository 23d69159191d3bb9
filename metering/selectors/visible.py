"""What a caller may see of metering."""

from django.db.models import OuterRef, Q, QuerySet, Subquery

from catalogue.models import Account, Company, Product
from catalogue.selectors.reach import Caller, accounts_within, may_see_cost, reach_of, within
from metering.models import (
    AccountPeriod,
    Charge,
    EventException,
    IngestBatch,
    LifecycleEvent,
    Order,
    RatingRun,
    Resource,
    ResourceInterval,
    UsageEvent,
)


def visible_charges(caller: Caller) -> QuerySet[Charge]:
    """One row a charge of the accounts reached; of the cost side only for those who may see cost."""
    charges = within(Charge.objects.all(), reach_of(caller), account="account_id")
    return charges if may_see_cost(caller) else charges.exclude(side=Charge.Side.COST)


def with_names(charges: QuerySet[Charge]) -> QuerySet[Charge]:
    """The same charges with the names behind their ids: account, book, sku, unit, resource and order."""
    return charges.annotate(
        account=_text(Account, "account_id", "code"),
        book=_text(Company, "company_id", "code"),
        sku=_text(Product, "product_id", "sku"),
        unit=_text(Product, "product_id", "unit"),
        resource=_text(Resource, "resource_id", "name"),
        order=_text(Order, "order_id", "code"),
    )


def visible_resources(caller: Caller) -> QuerySet[Resource]:
    """One row a resource, with its account's code: of the accounts reached, and all of a head office."""
    reach = reach_of(caller)
    resources = Resource.objects.select_related("head_office").annotate(
        account=_text(Account, "account_id", "code")
    )
    if reach.all:
        return resources
    if reach.account_ids is not None:
        return resources.filter(account_id__in=reach.account_ids)
    accounts = accounts_within(reach).values("pk")
    return resources.filter(Q(account_id__in=accounts) | Q(head_office__in=reach.company_ids))


def visible_intervals(caller: Caller) -> QuerySet[ResourceInterval]:
    """One row a stretch of a resource's life in which an account reached had it, with the account's code."""
    intervals = within(ResourceInterval.objects.all(), reach_of(caller), account="account_id")
    return intervals.annotate(account=_text(Account, "account_id", "code"))


def visible_exceptions(caller: Caller) -> QuerySet[EventException]:
    """One row an exception; those of no known company belong to the head office."""
    reach = reach_of(caller)
    exceptions = EventException.objects.annotate(
        account=_text(Account, "account_id", "code"), company=_text(Company, "company_id", "code")
    )
    if reach.all or reach.account_ids is not None:
        return within(exceptions, reach, account="account_id")
    return exceptions.filter(
        Q(company_id__in=reach.company_ids) | Q(company_id=None, head_office_id__in=reach.company_ids)
    )


def visible_orders(caller: Caller) -> QuerySet[Order]:
    """One row an order of the accounts reached."""
    return within(Order.objects.select_related("account", "product"), reach_of(caller), account="account")


def visible_periods(caller: Caller) -> QuerySet[AccountPeriod]:
    """One row a billing month of an account reached."""
    return within(AccountPeriod.objects.select_related("account"), reach_of(caller), account="account")


def visible_batches(caller: Caller) -> QuerySet[IngestBatch]:
    """One row a batch of events about a head office that is reached itself."""
    return within(IngestBatch.objects.all(), reach_of(caller), company="head_office_id")


def visible_rating_runs(caller: Caller) -> QuerySet[RatingRun]:
    """One row a pass of the rater; it counts all sales offices together, so only head offices see it."""
    reach = reach_of(caller)
    head_offices = Company.objects.filter(parent=None, pk__in=reach.company_ids)
    sees = reach.all or (reach.account_ids is None and head_offices.exists())
    return RatingRun.objects.all() if sees else RatingRun.objects.none()


def visible_lifecycle_events(caller: Caller) -> QuerySet[LifecycleEvent]:
    """One row an event sent by a company reached: a head office's stream is not for its sales offices."""
    return within(LifecycleEvent.objects.all(), reach_of(caller), company="company_id")


def visible_usage_events(caller: Caller) -> QuerySet[UsageEvent]:
    """One row a usage record sent by a company reached, as for lifecycle events."""
    return within(UsageEvent.objects.all(), reach_of(caller), company="company_id")


def _text(model: type[Account | Company | Product | Resource | Order], key: str, field: str) -> Subquery:
    # A bulk table holds ids without foreign keys; on a page of rows these are look-ups by primary key.
    return Subquery(model._default_manager.filter(pk=OuterRef(key)).values(field))
