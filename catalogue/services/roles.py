"""The roles of people, as Django groups."""

from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase

from django.contrib.auth.models import Group, Permission
from django.db import transaction


@transaction.atomic
def ensure_roles(roles: Mapping[str, Collection[str]]) -> None:
    """Make each role a group with exactly the permissions that its patterns name ("catalogue.view_*").

    A second run changes nothing; groups that are no roles are left alone.
    """
    permissions = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    for role, patterns in roles.items():
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set(
            pk for name, pk in permissions.items() if any(fnmatchcase(name, pattern) for pattern in patterns)
        )
