"""The roles of people, as Django groups."""

from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase

from django.contrib.auth.models import Group, Permission
from django.db import transaction


@transaction.atomic
def ensure_roles(roles: Mapping[str, Collection[str]]) -> None:
    """Make each role a group with exactly the permissions that its patterns name.

    `catalogue.view_*` gives all that fit, `!catalogue.view_cost` takes away whatever gave it. A second run
    changes nothing; groups that are no roles are left alone.
    """
    permissions = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.values_list(
            "pk", "content_type__app_label", "codename"
        ).order_by("pk")
    }
    for role, patterns in roles.items():
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set(pk for name, pk in permissions.items() if _gives(patterns, name))


def _gives(patterns: Collection[str], permission: str) -> bool:
    takes_away = any(pattern.startswith("!") and fnmatchcase(permission, pattern[1:]) for pattern in patterns)
    return not takes_away and any(fnmatchcase(permission, pattern) for pattern in patterns)
