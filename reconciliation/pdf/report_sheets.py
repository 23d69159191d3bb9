"""A reconciliation report as tables, the same on the page, on paper and in files."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import list_currencies

from billing_site.common.sheets import Amount, Sheet
from reconciliation.domain.reports import AtRiskBy, Report

_CURRENCIES = list_currencies()
_LEVELS = (
    *("level", "left", "right", "month", "unit", "compared", "differing"),
    *("total left", "total right", "difference"),
)
_FINDINGS = (
    *("money at risk", "class", "state", "found by", "month", "account", "SKU", "resource", "difference"),
    *("unit", "days open", "owner"),
)


def report_sheets(report: Report) -> list[Sheet]:
    """Return the levels with both totals, what is open by class and by source, and the findings."""
    at_risk = f"Open findings by money at risk, {report.currency}"
    more = report.open_count - len(report.findings)
    note = f"{more:,} more are in the list of findings." if more > 0 else ""
    return [
        Sheet("Levels", _LEVELS, _level_rows(report)),
        _by("By class", report.classes, report),
        _by("By level or rule", report.sources, report),
        Sheet(at_risk, _FINDINGS, _finding_rows(report), note=note),
    ]


def _level_rows(report: Report) -> list[tuple[Any, ...]]:
    return [
        (
            *(total.level, total.left, total.right, f"{total.month:%Y-%m}", total.unit),
            *(total.compared, total.differing),
            *(_measure(value, total.unit) for value in (total.first, total.second, total.difference)),
        )
        for total in report.levels
    ]


def _finding_rows(report: Report) -> list[tuple[Any, ...]]:
    return [
        (
            "not known" if found.at_risk is None else Amount(found.at_risk, report.currency),
            *(found.kind, found.state, found.found_by, f"{found.month:%Y-%m}"),
            *(found.account, found.sku, found.resource),
            *(_measure(found.difference, found.unit), found.unit, found.age_days, found.owner),
        )
        for found in report.findings
    ]


def _by(title: str, parts: tuple[AtRiskBy, ...], report: Report) -> Sheet:
    rows = [(by.name, by.count, Amount(by.at_risk, report.currency), by.unknown) for by in parts]
    return Sheet(title, ["what", "open", f"money at risk, {report.currency}", "of it not known"], rows)


def _measure(value: Decimal, unit: str) -> Amount | Decimal:
    return Amount(value, unit) if unit in _CURRENCIES else value
