"""The console's reports for finance: revenue, tax, deferred revenue, aged debt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget

from billing_site.common.charts import Chart, chart
from billing_site.common.clock import now
from billing_site.common.sheets import Amount, Sheet
from catalogue.domain.periods import month_cycle
from catalogue.models import User
from reconciliation.admin.report_pages import MonthField, Report, ReportPage
from reconciliation.domain.deferred_revenue import BilledCycle
from reconciliation.selectors.financial_reports import (
    aged_debt_report,
    deferred_report,
    revenue_report,
    tax_report,
)
from reconciliation.selectors.margin_reports import companies_to_choose, latest_month

_IN_CHART = 12
_MONTHS_AHEAD = 12
_FAR = date(9000, 1, 1)


class MonthsForm(forms.Form):
    first_month = MonthField(label="From")
    last_month = MonthField(label="To, included")
    company = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget)


class DayForm(forms.Form):
    on = forms.DateField(label="At the end of", widget=UnfoldAdminSingleDateWidget)
    company = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget)

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on >= _FAR:
            raise forms.ValidationError("No report reaches so far.")
        return on


class RevenuePage(ReportPage):
    """What was billed net, by product, country and currency."""

    title = "Revenue"
    file_name = "revenue"

    def form(self, person: User, asked: dict[str, str] | None) -> forms.Form:
        return _months(person, asked)

    def draw_up(self, person: User, values: dict[str, Any]) -> Report:
        rows = revenue_report(person, **values)
        headings = [
            "company",
            "product",
            "name",
            "family",
            "country",
            "currency",
            "invoiced",
            "credited",
            "net",
        ]
        cells = [
            (
                *(row.company, row.sku or "discounts", row.name, row.family, row.country, row.currency),
                *_money(row.currency, row.invoiced, row.credited, row.net),
            )
            for row in rows
        ]
        note = "A credit note counts in the month of its invoice."
        main = Sheet("By product", headings, cells, _sums(headings, cells), note)
        return Report([main, _by("country", 4, cells), _by("family", 3, cells)], _largest(cells))


class TaxPage(ReportPage):
    """What is owed to tax offices, by country and rate."""

    title = "Tax"
    file_name = "tax"

    def form(self, person: User, asked: dict[str, str] | None) -> forms.Form:
        return _months(person, asked, following=True)

    def draw_up(self, person: User, values: dict[str, Any]) -> Report:
        headings = ["company", "country", "category", "tax", "percent", "currency"]
        headings += [
            "invoiced, taxable",
            "invoiced, tax",
            "credited, taxable",
            "credited, tax",
            "taxable",
            "tax due",
        ]
        cells = [
            (
                *(row.company, row.country, row.category, row.name, row.percent.normalize(), row.currency),
                *_money(row.currency, row.invoiced_taxable, row.invoiced_tax),
                *_money(row.currency, row.credited_taxable, row.credited_tax, row.taxable, row.tax),
            )
            for row in tax_report(person, **values)
        ]
        note = "Of the invoices and credit notes issued in these months, whichever month they bill."
        return Report([Sheet("By country and rate", headings, cells, _sums(headings, cells), note)])


class DeferredPage(ReportPage):
    """What annual orders have paid for in advance."""

    title = "Deferred revenue"
    file_name = "deferred-revenue"

    def form(self, person: User, asked: dict[str, str] | None) -> forms.Form:
        return _day(person, asked)

    def draw_up(self, person: User, values: dict[str, Any]) -> Report:
        on = values["on"]
        cycles = deferred_report(person, **values)
        headings = ["company", "account", "order", "product", "served from", "until", "currency"]
        headings += ["billed", "earned", "deferred"]
        cells = [
            (
                *(cycle.company, cycle.account, cycle.order_code, cycle.sku, cycle.starts_on, cycle.ends_on),
                cycle.currency,
                *_money(cycle.currency, cycle.billed, cycle.earned(on), cycle.deferred(on)),
            )
            for cycle in cycles
        ]
        note = (
            "Fees of annual orders, by day of the account's calendar, before discounts. An order that ends "
            "early is served until its end."
        )
        main = Sheet("Annual orders", headings, cells, _sums(headings, cells), note)
        return Report([main, _ahead(cycles, on)])


class AgedDebtPage(ReportPage):
    """What customers owe, by how long it is overdue."""

    title = "Aged debt"
    file_name = "aged-debt"

    def form(self, person: User, asked: dict[str, str] | None) -> forms.Form:
        return _day(person, asked)

    def draw_up(self, person: User, values: dict[str, Any]) -> Report:
        headings = [
            "company",
            "account",
            "name",
            "currency",
            "not due",
            "1–30 days",
            "31–60 days",
            "61–90 days",
        ]
        headings += ["over 90 days", "due", "unapplied"]
        cells = [
            (
                *(row.company, row.account, row.name, row.currency),
                *_money(row.currency, row.not_due, row.days_1_to_30, row.days_31_to_60, row.days_61_to_90),
                *_money(row.currency, row.days_over_90, row.due, row.unapplied),
            )
            for row in aged_debt_report(person, **values)
        ]
        note = "Days after the due date. What was issued and received by the end of the day counts."
        return Report([Sheet("By account", headings, cells, _sums(headings, cells), note)])


def _months(person: User, asked: dict[str, str] | None, *, following: bool = False) -> forms.Form:
    """Ask for months, at first the latest billed one; `following`: the one in which that was issued."""
    latest = latest_month(person)
    if latest and following:
        latest = month_cycle(latest).ends_on
    shown = f"{latest:%Y-%m}" if latest else ""
    return _with_companies(MonthsForm(asked, initial={"first_month": shown, "last_month": shown}), person)


def _day(person: User, asked: dict[str, str] | None) -> forms.Form:
    return _with_companies(DayForm(asked, initial={"on": now().date()}), person)


def _with_companies(form: forms.Form, person: User) -> forms.Form:
    companies = [(company.code, str(company)) for company in companies_to_choose(person)]
    form.fields["company"].choices = [("", "all"), *companies]  # type: ignore[attr-defined]
    return form


def _money(currency: str, *amounts: Decimal) -> list[Amount]:
    return [Amount(amount, currency) for amount in amounts]


def _sums(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Add the amounts of each currency up, never across currencies."""
    place = headings.index("currency")
    return [["all", *[""] * (place - 1), *cells] for cells in _added(rows, lambda row: row[place], place)]


def _by(name: str, place: int, rows: Sequence[Sequence[Any]]) -> Sheet:
    """The same amounts by one column and currency."""
    keys = sorted({row[place] for row in rows})
    headings = [name, "currency", "invoiced", "credited", "net"]
    cells = [
        [key or "none", *cells]
        for key in keys
        for cells in _added([row for row in rows if row[place] == key], lambda row: row[5], 5)
    ]
    return Sheet(f"By {name}", headings, cells)


def _added(rows: Iterable[Sequence[Any]], key: Callable[[Sequence[Any]], str], place: int) -> list[list[Any]]:
    sums: dict[str, list[Decimal]] = {}
    for row in rows:
        amounts = [cell.value for cell in row[place + 1 :]]
        before = sums.get(key(row), [Decimal(0)] * len(amounts))
        sums[key(row)] = [one + other for one, other in zip(before, amounts, strict=True)]
    return [[currency, *_money(currency, *sums[currency])] for currency in sorted(sums)]


def _largest(rows: Sequence[Sequence[Any]]) -> list[Chart]:
    """The largest products of the currency that has most rows: two do not stand on one scale."""
    currencies = [row[5] for row in rows]
    if not currencies:
        return []
    currency = max(sorted(set(currencies)), key=currencies.count)
    products: dict[str, Decimal] = {}
    for row in rows:
        if row[5] == currency:
            products[row[1]] = products.get(row[1], Decimal(0)) + row[8].value
    largest = sorted(products.items(), key=lambda product: -product[1])[:_IN_CHART]
    names, amounts = [name for name, _ in largest], [amount for _, amount in largest]
    return [chart(f"The largest products, {currency}", "bar", names, {"net": amounts})]


def _ahead(cycles: Sequence[BilledCycle], on: date) -> Sheet:
    """What is still deferred at the end of each of the next months."""
    month_ends = [on]
    while len(month_ends) <= _MONTHS_AHEAD:
        following = month_cycle(month_ends[-1] + timedelta(days=1)).ends_on - timedelta(days=1)
        month_ends.append(following)
    currencies = sorted({cycle.currency for cycle in cycles})
    rows = []
    for currency in currencies:
        own = [cycle for cycle in cycles if cycle.currency == currency]
        before = sum((cycle.deferred(on) for cycle in own), Decimal(0))
        for day in month_ends[1:]:
            left = sum((cycle.deferred(day) for cycle in own), Decimal(0))
            rows.append((day, currency, *_money(currency, before - left, left)))
            before = left
    return Sheet("Ahead", ["by the end of", "currency", "becomes revenue", "still deferred"], rows)
