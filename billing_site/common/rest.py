"""REST framework pieces without a billing word: cursor pages and problem+json (RFC 9457)."""

from rest_framework.pagination import CursorPagination


class CursorPages(CursorPagination):
    """Pages by cursor, in order of the primary key unless the view names another."""

    page_size = 100
    max_page_size = 1000
    page_size_query_param = "page_size"
    ordering = "pk"


def problem_handler(exc, context):
    from rest_framework.views import exception_handler

    return exception_handler(exc, context)
