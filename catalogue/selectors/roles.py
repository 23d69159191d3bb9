"""The names of the roles."""

from enum import StrEnum

from django.contrib.auth.models import Group
from django.db.models import QuerySet

from catalogue.models import User


class Role(StrEnum):
    """A group of the same name exists after every migration."""

    BILLING_ADMIN = "billing admin"
    PRICING = "pricing"
    APPROVER = "approver"
    FINANCE = "finance"
    SUPPORT = "support"
    AUDITOR = "auditor"


def groups_to_give(user: User) -> QuerySet[Group]:
    """Return the groups that a person may give to others: the roles; a superuser, any group."""
    groups = Group.objects.order_by("name")
    return groups if user.is_superuser else groups.filter(name__in=list(Role))
