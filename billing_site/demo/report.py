"""What the demo shows at its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from babel.numbers import format_currency
from django.conf import settings
from django.db.models import Count
from rich import box
from rich.console import Console
from rich.table import Table

from billing_site.demo.checks import Check
from billing_site.demo.logins import LOGINS
from catalogue.models import Company
from invoicing.models import Invoice
from reconciliation.domain.margin import Margin
from reconciliation.selectors.margin import margin_by_company


def print_margins(console: Console, offices: Sequence[Company], month: date) -> None:
    """One row a country: what its invoices bill in its money, and the margin in the head office's."""
    rows = margin_by_company(companies=offices, month=month)
    currency = rows[0].margin.currency if rows else "USD"
    issued = Invoice.objects.filter(company__in=offices, month=month).values_list("company__code")
    counts = dict(issued.annotate(Count("pk")).order_by())
    table = _table(f"Margin by country, {month:%B %Y}")
    table.add_column("Country", no_wrap=True)
    for name in (
        "Invoices",
        "Billed, net",
        f"Revenue {currency}",
        f"Cost {currency}",
        f"Margin {currency}",
        "%",
    ):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        billed = " + ".join(money(amount, code) for code, amount in row.invoiced.items())
        table.add_row(row.country, str(counts.get(row.company, 0)), billed, *_figures(row.margin))
    revenue = sum((row.margin.revenue for row in rows), Decimal(0))
    cost = sum((row.margin.cost for row in rows), Decimal(0))
    table.add_section()
    table.add_row("all", "", "", *_figures(Margin(currency, revenue, cost)))
    console.print(table)


def print_checks(console: Console, checks: Sequence[Check]) -> None:
    """One row a check."""
    table = _table("Checks")
    table.add_column("")
    table.add_column("What must hold")
    table.add_column("Found")
    for check in checks:
        table.add_row("[green]ok[/green]" if check.held else "[red]FAIL[/red]", check.name, check.found)
    console.print(table)


def print_where_to_look(console: Console, month: date, seconds: float) -> None:
    """Where the results are, and who may look."""
    folder = Path(settings.MEDIA_ROOT)
    console.print(f"\nInvoices of {month:%B %Y} as PDF: {folder}", highlight=False, soft_wrap=True)
    console.print("[bold]make serve[/bold] starts console, portal and API:", highlight=False)
    for login in LOGINS:
        console.print(
            f"  {login.username:10} {login.password:22} {login.what_for}", highlight=False, soft_wrap=True
        )
    console.print(f"\nThe demo took {seconds:.0f} s.", highlight=False)


def _table(title: str) -> Table:
    """Without lines between columns: no figure is cut in 80 columns."""
    return Table(
        title=title, title_justify="left", header_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )


def _figures(margin: Margin) -> list[str]:
    amounts = [f"{amount:,.2f}" for amount in (margin.revenue, margin.cost, margin.margin)]
    return [*amounts, "" if margin.percent is None else f"{margin.percent}"]


def money(amount: Decimal, currency: str) -> str:
    """An amount as the operator reads it: 1,234.50 with its currency's code and minor units."""
    return format_currency(amount, currency, "¤¤ #,##0.00", locale="en", currency_digits=True)
