"""What a list is narrowed by."""

from collections.abc import Callable
from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions
from rest_framework.request import Request

from billing_site.common.rest.requests import NotFound, caller_of

_MONTH = "%Y-%m"


class KnownFilters(filters.DjangoFilterBackend):
    """Filters that refuse a parameter they do not know: a misspelt one must not mean "everything"."""

    _OF_PAGES = frozenset({"cursor", "page_size", "format"})

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        filterset = self.get_filterset_class(view, queryset)
        names = set(filterset.base_filters) if filterset else set()
        unknown = sorted(set(request.query_params) - names - self._OF_PAGES)
        if unknown:
            known = ", ".join(sorted(names | {"cursor", "page_size"}))
            raise exceptions.ValidationError(
                dict.fromkeys(unknown, f"No such parameter; known are: {known}.")
            )
        return super().filter_queryset(request, queryset, view)


class ByCode(filters.CharFilter):
    """Rows of the thing with this code, out of what the caller may see: 404 if that is none of them."""

    def __init__(self, visible: Callable[[Any], Any], *, code: str = "code", **options: Any) -> None:
        super().__init__(**options)
        self.visible, self.code = visible, code

    def filter(self, queryset: Any, value: str | None) -> Any:
        if not value:
            return queryset
        named = self.visible(caller_of(self.parent.request)).filter(**{self.code: value})
        key = named.values_list("pk", flat=True).first()
        if key is None:
            raise NotFound
        return queryset.filter(**{self.field_name: key})


@extend_schema_field({"type": "string", "pattern": r"^\d{4}-\d{2}$", "example": "2026-09"})
class MonthFilter(filters.DateFilter):
    """Rows of a month, written 2026-09, where the field holds its first day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=[_MONTH], **options)
