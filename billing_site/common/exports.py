"""Any list of the console as a file: what the list shows, exact, and safe to open in a spreadsheet."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from operator import attrgetter
from typing import Any

import openpyxl
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from import_export.admin import ExportMixin
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import Resource
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from tablib import Dataset
from unfold.contrib.import_export.forms import ExportForm

from billing_site.common.spreadsheets import safe_text

MOST_ROWS = 200_000
# A spreadsheet keeps so many digits of a number; what has more is written as text.
_SPREADSHEET_DIGITS = 15


class ListResource(Resource):
    """The columns that an admin's list shows, each amount with its currency."""

    def __init__(self, model_admin: Any = None, request: HttpRequest | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.model_admin = model_admin
        self.columns = _columns(model_admin, request) if model_admin else []

    @classmethod
    def get_display_name(cls) -> str:
        return "What the list shows"

    def get_user_visible_fields(self) -> list[Field]:
        return [Field(column_name=title) for title, _ in self.columns]

    def get_export_headers(self, **_how: Any) -> list[str]:
        return [safe_text(title) for title, _ in self.columns]

    def filter_export(self, queryset: QuerySet[Any], **_how: Any) -> QuerySet[Any]:
        if queryset.order_by()[: MOST_ROWS + 1].count() > MOST_ROWS:
            raise ValueError(
                f"The list has more than {MOST_ROWS:,} rows: narrow it by filters or a search first."
            )
        return queryset

    def export_resource(self, instance: Model, force_native_type: bool = False, **_how: Any) -> list[Any]:
        cells = [value(instance) for _, value in self.columns]
        return [safe_cell(cell, as_number=force_native_type) for cell in cells]


class Workbook(XLSX):
    """A workbook written row by row: in half the time and memory of one that can still be changed."""

    def export_data(self, dataset: Dataset, **_how: Any) -> bytes:
        workbook = openpyxl.Workbook(write_only=True)
        sheet = workbook.create_sheet()
        sheet.freeze_panes = "A2"
        for row in (dataset.headers, *dataset):
            sheet.append([writable(cell) for cell in row])
        content = BytesIO()
        workbook.save(content)
        return content.getvalue()


class ListExport(ExportMixin):
    """A button on the list that hands out what it shows, with its search and filters, as CSV or XLSX."""

    resource_classes: Sequence[type[Resource]] = [ListResource]
    export_form_class = ExportForm
    export_formats = [CSV, Workbook]
    to_encoding = "utf-8-sig"

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: Any, **how: Any) -> bytes:
        if not self.has_export_permission(request):
            raise PermissionDenied
        as_numbers = isinstance(file_format, Workbook)
        data = self.get_data_for_export(request, queryset, force_native_type=as_numbers, **how)
        content = file_format.export_data(data)
        return content if file_format.is_binary() else content.encode(self.to_encoding)

    def get_export_resource_kwargs(self, request: HttpRequest, **_how: Any) -> dict[str, Any]:
        return {"model_admin": self, "request": request}


def _columns(model_admin: Any, request: HttpRequest | None) -> list[tuple[str, Callable[[Any], Any]]]:
    """The title of each column of the list, and what gives its cell."""
    columns: list[tuple[str, Callable[[Any], Any]]] = []
    currencies = set[str]()
    shown = model_admin.get_list_display(request)
    for column in shown:
        title = str(label_for_field(column, model_admin.model, model_admin))
        columns.append((title, _value_of(column, model_admin)))
        currency = getattr(column, "in_currency", None)
        if currency is not None and currency not in {*shown, *currencies}:
            currencies.add(currency)
            *_, name = currency.split(".")
            columns.append((name.removesuffix("_id"), attrgetter(currency)))
    return columns


def _value_of(column: Any, model_admin: Any) -> Callable[[Any], Any]:
    """What a list shows in a column, but numbers exact and not as people read them."""
    name = getattr(column, "__name__", column)

    def value(row: Any) -> Any:
        exact = getattr(row, name, None)
        if isinstance(exact, Decimal):
            return exact
        try:
            field, _, shown = lookup_field(column, row, model_admin)
        except ObjectDoesNotExist:
            return None
        if field is not None and getattr(field, "flatchoices", None):
            return getattr(row, f"get_{field.name}_display")()
        return shown

    return value


def safe_cell(value: Any, *, as_number: bool = False) -> Any:
    """A value as a file holds it; `as_number`: a number where a spreadsheet would not lose digits of it."""
    if value is None:
        return ""
    if isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        fits = len(value.normalize().as_tuple().digits) <= _SPREADSHEET_DIGITS
        return value if as_number and fits else _plain(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return safe_text(", ".join(map(str, value)))
    return safe_text(strip_tags(value) if isinstance(value, SafeString) else str(value))


def writable(cell: Any) -> Any:
    """Put a mark for what a workbook cannot hold: control characters."""
    return ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", cell) if isinstance(cell, str) else cell


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
