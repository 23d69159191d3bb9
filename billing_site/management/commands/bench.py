"""Measure throughput on this machine, each figure beside its floor or peer from the same run."""

import sys
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from billing_site.bench.figures import Figure

SECTIONS = (
    "billing",
    "catalogue",
    "documents",
    "quotes",
    "ingestion",
    "timelines",
    "ticks",
    "current_charges",
    "rating",
    "shards",
    "reconciliation",
)


_WIDTH_IN_A_FILE = 120


class Command(BaseCommand):
    help = "Measure throughput; absolute times are noise, the ratios are what counts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("section", nargs="*", help=f"Of {', '.join(SECTIONS)}; default: all.")
        parser.add_argument(
            "--rows", type=int, help="Of sections that say so: how many rows, instead of the promised ones."
        )

    def handle(self, *_args: Any, section: list[str], rows: int | None, **_options: Any) -> None:
        if unknown := sorted(set(section) - set(SECTIONS)):
            raise CommandError(f"There is no section {unknown[0]}; choose from {', '.join(SECTIONS)}.")
        console = Console(width=None if sys.stdout.isatty() else _WIDTH_IN_A_FILE)
        missed = 0
        # What is measured is a product that serves, which does not keep its statements for a debug page.
        settings.DEBUG = False
        for name in section or SECTIONS:
            module = import_module(f"billing_site.bench.{name}")
            sized = {"rows": rows} if rows and hasattr(module, "ROWS") else {}
            found: list[Figure] = module.figures(**sized)
            console.print(_table(name, found))
            missed += sum(not figure.held for figure in found)
        if missed:
            raise CommandError(f"{missed} figures miss their bound.")


def _table(section: str, figures: list[Figure]) -> Table:
    table = Table(title=section, header_style="bold")
    table.add_column("Figure")
    for name in ("Measured", "Floor or peer", "Ratio", "Bound"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for figure in figures:
        table.add_row(
            figure.name,
            f"{figure.value:,.2f} {figure.unit}",
            f"{figure.peer:,.2f} {figure.unit}",
            f"{figure.ratio:.2f}",
            figure.bound,
            "[green]ok[/green]" if figure.held else "[red]MISSED[/red]",
        )
    return table
