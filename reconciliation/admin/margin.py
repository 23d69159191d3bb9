"""The console's page about margin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from billing_site.common.charts import Chart, chart
from billing_site.common.sheets import Amount, Percent, Sheet
from catalogue.models import User
from catalogue.selectors.reach import may_see_cost
from reconciliation.admin.report_pages import MonthField, Report, ReportPage
from reconciliation.domain.margin import Margin
from reconciliation.domain.margin_reports import BASES, CURRENCIES, DIMENSIONS, MarginRow
from reconciliation.selectors.margin_overviews import MarginOverview, Restated, margin_overview
from reconciliation.selectors.margin_reports import MarginQuestion, companies_to_choose, latest_month

_IN_CHARTS = 12
# What an empty key of a dimension stands for.
_WITHOUT = {
    "product": "discounts",
    "family": "no family, and discounts",
    "resource": "no resource of its own",
}
_DETAILS = {"company": "name", "account": "name", "product": "name", "resource": "account"}


class MarginForm(forms.Form):
    first_month = MonthField(label="From")
    last_month = MonthField(label="To, included")
    by = forms.ChoiceField(
        choices=[(name, name) for name in DIMENSIONS], initial="product", widget=UnfoldAdminSelectWidget
    )
    basis = forms.ChoiceField(
        choices=[(name, text.partition(":")[0]) for name, text in BASES.items()],
        initial="billed",
        widget=UnfoldAdminSelectWidget,
    )
    currency = forms.ChoiceField(
        label="In", choices=list(CURRENCIES.items()), initial="reporting", widget=UnfoldAdminSelectWidget
    )
    company = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget)
    country = forms.CharField(required=False, max_length=2, widget=UnfoldAdminTextInputWidget)
    account = forms.CharField(required=False, widget=UnfoldAdminTextInputWidget)
    product = forms.CharField(required=False, label="SKU", widget=UnfoldAdminTextInputWidget)
    family = forms.CharField(required=False, widget=UnfoldAdminTextInputWidget)


class MarginPage(ReportPage):
    """Revenue, cost, margin and percent, with its trend, what was restated and what earns least."""

    title = "Margin"
    file_name = "margin"

    def form(self, person: User, asked: dict[str, str] | None) -> forms.Form:
        latest = latest_month(person)
        shown = f"{latest:%Y-%m}" if latest else ""
        initial = {"first_month": shown, "last_month": shown}
        form = MarginForm(asked, initial=initial)
        companies = [(company.code, str(company)) for company in companies_to_choose(person)]
        form.fields["company"].choices = [("", "all"), *companies]  # type: ignore[attr-defined]
        return form

    def draw_up(self, person: User, values: dict[str, Any]) -> Report:
        question = MarginQuestion(**values)
        overview = margin_overview(person, question)
        with_cost = may_see_cost(person)
        sheets = [
            _main(question, overview, with_cost),
            _sheet("Over time", "month", overview.trend, with_cost),
            _restated(overview.restated, with_cost),
        ]
        if with_cost:
            sheets.append(_sheet("What earns least: products", "product", overview.worst, with_cost))
        how = f"{BASES[question.basis].capitalize()}. Converted at the rates that the invoices keep."
        return Report(sheets, _charts(question, overview, with_cost), [how])


def _main(question: MarginQuestion, overview: MarginOverview, with_cost: bool) -> Sheet:
    table = overview.table
    gap = [""] if question.by in _DETAILS else []
    sums = [("rounding", *gap, *_figures(row.margin, with_cost, is_part=False)) for row in table.rounding]
    sums += [("all", *gap, *_figures(row.margin, with_cost)) for row in table.totals]
    largest_first = sorted(table.rows, key=lambda row: (row.currency, -row.margin.revenue, row.key))
    note = (
        "Parts of invoices are converted and not rounded; the row rounding makes them up to the invoices."
        if table.rounding
        else ""
    )
    title = f"By {question.by}, {question.first_month:%Y-%m}"
    if question.first_month != question.last_month:
        title += f" to {question.last_month:%Y-%m}"
    return _sheet(title, question.by, largest_first, with_cost, sums=sums, note=note)


def _sheet(title: str, by: str, rows: Iterable[MarginRow], with_cost: bool, **more: Any) -> Sheet:
    detail = _DETAILS.get(by)
    headings = [by, *([detail] if detail else []), *_headings(with_cost)]
    cells = [
        (row.key or _WITHOUT.get(by, ""), *([row.detail] if detail else []), *_figures(row.margin, with_cost))
        for row in rows
    ]
    return Sheet(title, headings, cells, **more)


def _restated(months: Sequence[Restated], with_cost: bool) -> Sheet:
    amounts = ("revenue", "cost", "margin") if with_cost else ("revenue",)
    last = amounts[-1]
    headings = ["month", "currency"]
    headings += [f"{amount}, {when}" for when in ("as first closed", "as now known") for amount in amounts]
    headings.append(f"restatement of the {last}")
    rows = [
        (
            row.month,
            row.closed.currency,
            *(
                Amount(getattr(side, name), side.currency)
                for side in (row.closed, row.known)
                for name in amounts
            ),
            Amount(getattr(row.known, last) - getattr(row.closed, last), row.closed.currency),
        )
        for row in months
    ]
    note = "Credit notes and corrections restate a month; what it was closed with stays beside it."
    return Sheet("Restated months", headings, rows, note=note)


def _headings(with_cost: bool) -> list[str]:
    return ["currency", "revenue", *(["cost", "margin", "percent"] if with_cost else [])]


def _figures(margin: Margin, with_cost: bool, *, is_part: bool = True) -> list[Any]:
    """Give the cells of a row; what rounding makes up for has no percent."""
    money = [margin.revenue, *([margin.cost, margin.margin] if with_cost else [])]
    cells: list[Any] = [margin.currency, *(Amount(amount, margin.currency) for amount in money)]
    return [*cells, Percent(margin.percent if is_part else None)] if with_cost else cells


def _charts(question: MarginQuestion, overview: MarginOverview, with_cost: bool) -> list[Chart]:
    """Two charts of one currency: amounts of several do not stand on one scale."""
    currencies = {row.currency for row in (*overview.table.totals, *overview.trend)}
    if len(currencies) != 1:
        return []
    (currency,) = currencies
    largest = sorted(overview.table.rows, key=lambda row: -row.margin.revenue)[:_IN_CHARTS]
    return [
        _chart(f"The largest by {question.by}, {currency}", "bar", largest, with_cost),
        _chart(f"Over time, {currency}", "bar", overview.trend, with_cost),
    ]


def _chart(title: str, kind: Any, rows: Sequence[MarginRow], with_cost: bool) -> Chart:
    names = ("revenue", "cost", "margin") if with_cost else ("revenue",)
    series = {name: [getattr(row.margin, name) for row in rows] for name in names}
    return chart(title, kind, [row.key or "—" for row in rows], series)
