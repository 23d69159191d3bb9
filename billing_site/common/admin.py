"""Pages of the console without a billing word: what a person sees, amounts, bulk tables."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import Any, cast

from babel.numbers import get_currency_precision
from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Max, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import localize
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline

from billing_site.common.exports import ListExport
from billing_site.common.locale_formats import LocaleFormats

# How a link looks in the cell of a table.
LINK = "text-primary-600 dark:text-primary-500"
_ENGLISH = LocaleFormats("en", "UTC")
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


class Figure(str):
    """An amount or a number as people read it; a table sets a column of them to the right."""

    __slots__ = ()


def show_money(amount: Decimal | None, currency: str) -> Figure:
    """Write an amount with all its decimals, at least those of its currency: 1,234.50 USD."""
    if amount is None:
        return Figure()
    number = _ENGLISH.number(amount, least_decimals=get_currency_precision(currency))
    return Figure(f"{number}{_NO_BREAK_SPACE}{currency}")


def show_number(value: Decimal | None) -> Figure:
    """Write a number with all its decimals and no more."""
    return Figure() if value is None else Figure(_ENGLISH.number(value))


def money(amount: str, label: str = "", currency: str = "currency") -> Callable[[Any], str]:
    """A column of the amount in one field, in the currency of another, which may be one of a parent."""

    @admin.display(description=label or amount.replace("_", " "), ordering=amount)
    def column(row: Any) -> str:
        return show_money(getattr(row, amount), str(attrgetter(currency)(row)))

    column.__name__ = amount
    column.in_currency = currency  # type: ignore[attr-defined]
    return column


def month(field: str = "month", label: str = "") -> Callable[[Any], str]:
    """A column of the month whose first day a field holds: 2026-09."""

    @admin.display(description=label or field.replace("_", " "), ordering=field)
    def column(row: Any) -> str:
        return f"{getattr(row, field):%Y-%m}"

    column.__name__ = field
    return column


def number(field: str, label: str = "", show: Callable[[Decimal], str] = show_number) -> Callable[[Any], str]:
    """A column of a number, exact unless shown otherwise."""

    @admin.display(description=label or field.replace("_", " "), ordering=field)
    def column(row: Any) -> str:
        value = getattr(row, field)
        return "" if value is None else show(value)

    column.__name__ = field
    return column


@dataclass(frozen=True)
class Table:
    """Rows shown below a thing that has no foreign key from them; with many columns it scrolls sideways."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    note: str = ""
    scrolls: bool = False

    def columns(self) -> list[tuple[str, bool]]:
        """Return the header of each column, and whether figures stand in it and nothing else."""
        headers = self.headers or [""] * len(self.rows[0])
        return [
            (header, _are_figures([row[place] for row in self.rows])) for place, header in enumerate(headers)
        ]

    def body(self) -> SafeString:
        """Return the rows as HTML; a template takes three times as long, and a page has a thousand cells.

        Each cell has its column's name, which a narrow screen shows beside it.
        """
        if not self.rows:
            return SafeString()
        columns = self.columns()
        labels = [header for header, _ in columns]
        classes = (' class="number"' if are_figures else "" for _, are_figures in columns)
        pattern = "".join(f'<td data-label="{{}}"{number}>{{}}</td>' for number in classes)
        return format_html_join(
            "\n",
            f"<tr>{pattern}</tr>",
            (chain.from_iterable(zip(labels, map(localize, row), strict=True)) for row in self.rows),
        )


def _are_figures(column: Sequence[Any]) -> bool:
    told = [cell for cell in column if cell not in ("", None)]
    return bool(told) and all(isinstance(cell, Figure | int) for cell in told)


class VisibleChoices(admin.RelatedFieldListFilter):
    """A filter that offers only what the person sees in the other thing's own list."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        visible = model_admin.visible_choices(field.remote_field.model, request)
        limit = {} if visible is None else {"pk__in": visible.values("pk")}
        return field.get_choices(include_blank=False, limit_choices_to=limit)


class MonthFilter(admin.SimpleListFilter):
    """The latest months, where `month` is the first day of one, of the page's model or of `months_of`."""

    title = parameter_name = "month"
    months_of: type[Model] | None = None
    _OFFERED = 24

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        model = self.months_of or model_admin.model
        newest = model._default_manager.aggregate(newest=Max("month"))["newest"]
        if newest is None:
            return []
        months = (newest.year * 12 + newest.month - 1 - back for back in range(self._OFFERED))
        texts = [f"{month // 12}-{month % 12 + 1:02}" for month in months]
        return [(text, text) for text in texts]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return queryset.filter(month=f"{chosen}-01") if chosen in dict(self.lookup_choices) else queryset


class ConsoleAdmin(ListExport, ModelAdmin):
    """A model's pages, narrowed to what the person may see; nothing is deleted unless a page says so.

    `visible` takes the person and returns the rows; without it every row is for everyone who may view the
    model. Choices of foreign keys are what the person sees in the other model's own list.
    """

    visible: Callable[[Any], QuerySet[Any]] | None = None
    list_per_page = 50
    show_full_result_count = False
    fixed_fields: Sequence[str] = ()
    change_form_outer_after_template = "console/tables.html"

    def person(self, request: HttpRequest) -> Any:
        """Return who asks; the console has let nobody in who is not logged in."""
        return request.user

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = self.visible(request.user) if self.visible else super().get_queryset(request)
        return rows.order_by(*(self.get_ordering(request) or rows.model._meta.ordering))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[Any]:
        fields = super().get_readonly_fields(request, obj)
        return [*fields, *self.fixed_fields] if obj else fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def tables(self, request: HttpRequest, row: Any) -> list[Table]:
        """Return what is shown below a row."""
        return []

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        may_view = row is not None and self.has_view_permission(request, row)
        tables = self.tables(request, row) if may_view else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "tables": tables})

    def page_context(self, request: HttpRequest, what: str, thing: Model | None = None) -> dict[str, Any]:
        """Begin the context of a page beside list and form; its header leads back to the list and the thing.

        what: [the page's name]. thing: the one that it is about, if any.
        """
        return {
            **self.admin_site.each_context(request),
            "title": what,
            "subtitle": thing,
            "model_admin": self,
            "object": thing,
        }

    def visible_choices(self, model: type[Model], request: HttpRequest) -> QuerySet[Any] | None:
        if not self.admin_site.is_registered(model):
            return None
        return self.admin_site.get_model_admin(model).get_queryset(request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **self._narrow(db_field, request, options))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, **self._narrow(db_field, request, options))

    def _narrow(self, db_field: Any, request: HttpRequest, options: dict[str, Any]) -> dict[str, Any]:
        visible = self.visible_choices(db_field.remote_field.model, request)
        return options if visible is None else {"queryset": visible, **options}


class ReadOnlyAdmin(ConsoleAdmin):
    """Rows that only services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EstimatePaginator(Paginator):
    """Counts exactly what is little and takes the planner's estimate for the rest: no count over millions."""

    _EXACT = 10_000

    @cached_property
    def count(self) -> int:
        rows = cast(QuerySet[Any], self.object_list).order_by()
        explained = rows.explain(format="json")
        if not explained:
            return 0  # Django knows without a query that nothing fits: an id that no column can hold.
        (plan,) = json.loads(explained)
        estimate = int(plan["Plan"]["Plan Rows"])
        return estimate if estimate > self._EXACT else rows.count()


class BulkAdmin(ReadOnlyAdmin):
    """Rows by the million."""

    paginator = EstimatePaginator


class ReadOnlyInline(TabularInline):
    """Rows below their parent, written with it."""

    extra = 0
    can_delete = False
    hide_title = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
