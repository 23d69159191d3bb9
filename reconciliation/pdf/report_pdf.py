"""A reconciliation report as a PDF."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string

from billing_site.common.sheets import Amount, Cell, Sheet, shown
from reconciliation.domain.reports import Report, bars
from reconciliation.pdf.report_sheets import report_sheets

_BAR_HEIGHT = 40
_BAR_STEP = 12
# Room for a month: the first mornings are no wider than later ones.
_LEAST_BARS = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of the trend in a drawing; x, y, height: [whole units]."""

    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Printed:
    """A table as it is printed: each heading with whether its column is of numbers."""

    title: str
    headings: list[tuple[str, bool]]
    rows: list[list[Cell]]
    note: str


def report_name(report: Report) -> str:
    """Return the name of the file, without its suffix."""
    return f"reconciliation-{report.company}-{report.period}"


def report_html(report: Report) -> str:
    """Return the page that the PDF is printed from."""
    levels, classes, sources, findings = (_printed(sheet) for sheet in report_sheets(report))
    drawn = enumerate(bars(report.trend, _BAR_HEIGHT))
    context = {
        "report": report,
        "at_risk": shown(Amount(report.at_risk, report.currency)).text,
        "levels": levels,
        "halves": [classes, sources],
        "findings": findings,
        "bars": [Bar(_BAR_STEP * day, _BAR_HEIGHT - height, height) for day, height in drawn],
        "width": _BAR_STEP * max(len(report.trend), _LEAST_BARS),
        "height": _BAR_HEIGHT,
    }
    return render_to_string("reconciliation/report.html", context)


def report_pdf(report: Report) -> bytes:
    """Return the report as PDF/A-3b, tagged; the same report gives the same bytes."""
    # WeasyPrint loads Pango, which a process that renders nothing does not need.
    from billing_site.common.pdf.engine import write_pdf

    return write_pdf(report_html(report), "reconciliation.pdf:report.css")


def _printed(sheet: Sheet) -> Printed:
    rows = [[shown(cell) for cell in row] for row in sheet.rows]
    numbers = [cell.is_number for cell in rows[0]] if rows else [False] * len(sheet.headings)
    return Printed(sheet.title, list(zip(sheet.headings, numbers, strict=True)), rows, sheet.note)
