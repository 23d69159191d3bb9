"""What all companies share is written by head offices only."""

from typing import Any

from django.http import HttpRequest

from catalogue.admin.history import HistoryAdmin


class SharedAdmin(HistoryAdmin):
    """Rows that every company sees; an operator of a sales office must not change them for the others."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and _is_of_a_head_office(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _is_of_a_head_office(request)


def _is_of_a_head_office(request: HttpRequest) -> bool:
    company = request.user.company  # type: ignore[union-attr]
    return request.user.is_superuser or (company is not None and company.parent_id is None)
