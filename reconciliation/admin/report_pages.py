"""A page of the console that answers a question with tables and charts, and hands them out as files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.widgets import UnfoldAdminTextInputWidget

from billing_site.common.charts import Chart
from billing_site.common.errors import BillingError
from billing_site.common.sheets import Cell, Sheet, sheet_csv, sheets_workbook, shown
from catalogue.domain.periods import InvalidPeriod, month_cycle
from catalogue.models import User

_SHOWN = 200
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Report:
    """What a page shows; the first table is what its CSV holds."""

    sheets: Sequence[Sheet]
    charts: Sequence[Chart] = ()
    sentences: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """A table as the page writes it: headings and rows, each with a mark."""

    title: str
    headings: list[tuple[str, bool]]
    rows: list[tuple[list[Cell], bool]]
    note: str


class MonthField(forms.CharField):
    """A month, written 2026-03; it becomes its first day."""

    widget = UnfoldAdminTextInputWidget

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return month_cycle(text).starts_on if text else None
        except InvalidPeriod as refusal:
            raise forms.ValidationError(refusal.sentence) from None


class ReportPage(ABC):
    """A view: the form of `ask` is filled from the address, or else with its own initial values."""

    title: ClassVar[str]
    file_name: ClassVar[str]
    permission: ClassVar[str] = "invoicing.view_invoice"
    template: ClassVar[str] = "console/report.html"

    @abstractmethod
    def form(self, person: User, asked: dict[str, str] | None) -> forms.Form:
        """Return the question's form for this person; asked: [what the address says]."""

    @abstractmethod
    def draw_up(self, person: User, values: dict[str, Any]) -> Report:
        """Answer what the form asks. A BillingError is shown in its place."""

    def more(self, person: User, asked: dict[str, str]) -> dict[str, Any]:
        """Return what the page's own template shows beside; asked: [what the form was filled with]."""
        return {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        assert isinstance(person, User)
        if not person.has_perm(self.permission):
            raise PermissionDenied
        empty = self.form(person, None)
        initial = {name: "" if value is None else str(value) for name, value in _initial(empty).items()}
        asked = {**initial, **request.GET.dict()}
        form = self.form(person, asked)
        report = Report([])
        if form.is_valid():
            try:
                report = self.draw_up(person, form.cleaned_data)
            except BillingError as refusal:
                form.add_error(None, refusal.sentence)
        if report.sheets and request.GET.get("file") == "csv":
            return self._file(sheet_csv(report.sheets[0]), "csv", "text/csv; charset=utf-8")
        if report.sheets and request.GET.get("file") == "xlsx":
            return self._file(sheets_workbook(report.sheets), "xlsx", _WORKBOOK)
        context = {
            **admin.site.each_context(request),
            "title": self.title,
            "form": form,
            "sheets": [_shown(sheet) for sheet in report.sheets],
            "charts": report.charts,
            "sentences": report.sentences,
            **self.more(person, asked),
        }
        return TemplateResponse(request, self.template, context)

    def _file(self, content: bytes, suffix: str, content_type: str) -> HttpResponse:
        headers = {"Content-Disposition": f'attachment; filename="{self.file_name}.{suffix}"'}
        return HttpResponse(content, content_type=content_type, headers=headers)


def _initial(form: forms.Form) -> dict[str, Any]:
    return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}


def _shown(sheet: Sheet) -> ShownSheet:
    rows = [([shown(cell) for cell in row], False) for row in sheet.rows[:_SHOWN]]
    rows += [([shown(cell) for cell in row], True) for row in sheet.sums]
    numbers = [cell.is_number for cell in rows[0][0]] if rows else [False] * len(sheet.headings)
    more = len(sheet.rows) - _SHOWN
    note = f"{more:,} rows more are in the files. {sheet.note}" if more > 0 else sheet.note
    return ShownSheet(sheet.title, list(zip(sheet.headings, numbers, strict=True)), rows, note)
