"""Lists in pages."""

from typing import Any

from django.core.exceptions import ValidationError as WrongValue
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request


class CursorPages(CursorPagination):
    """Pages by cursor, in order of the primary key unless the view names another order."""

    page_size = 100
    max_page_size = 1000
    page_size_query_param = "page_size"
    ordering = "pk"

    def decode_cursor(self, request: Request) -> Any:
        cursor = super().decode_cursor(request)
        # PostgreSQL refuses NUL in a text; no page ends there.
        if cursor is not None and "\0" in str(cursor.position):
            raise exceptions.NotFound(self.invalid_cursor_message)
        return cursor

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, WrongValue):
            raise exceptions.NotFound(self.invalid_cursor_message) from None
