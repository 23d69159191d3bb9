"""What became of the accounts, in the order of their feed."""

from django.db.models import QuerySet

from catalogue.models import AccountChange
from catalogue.selectors.reach import Caller, reach_of, within


def visible_account_changes(caller: Caller) -> QuerySet[AccountChange]:
    """One row a change that has its place in the feed, by place, with its account and its contacts."""
    changes = AccountChange.objects.filter(position__isnull=False).order_by("position")
    changes = changes.select_related("account__company").prefetch_related("account__contacts")
    return within(changes, reach_of(caller), company="company", account="account")
