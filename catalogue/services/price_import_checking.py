"""Validate the lines of a price file and compare them with the books, set by set."""

from collections.abc import Callable
from typing import Any, BinaryIO

from billing_site.common.csv_files import UnreadableFile, open_csv
from billing_site.common.sql import run
from catalogue.models import ImportFinding, ImportLine, PriceChange, PriceImport, ProductChange
from catalogue.services.price_import_findings import Finding, Findings
from catalogue.services.price_import_headings import Heading, read_heading
from catalogue.services.price_import_parameters import parameters_of
from catalogue.services.price_import_staging import stage_lines

WIDE = (
    ("Comparing products", ["products"]),
    ("Comparing prices", ["wide_prices"]),
    (
        "Looking for faults",
        ["touch_products", "product_faults", "product_overlaps", "wide_notices", "warnings"],
    ),
)
LONG = (
    ("Comparing prices", ["long_prices"]),
    ("Looking for faults", ["price_faults", "price_overlaps", "warnings"]),
)


def check_lines(price_import: PriceImport, file: BinaryIO, told: Callable[[str, float], None]) -> None:
    """Fill the change set and the findings of an import from its file; those of an earlier check go."""
    for model in (ImportLine, ProductChange, PriceChange, ImportFinding):
        model.objects.filter(price_import=price_import).delete()
    findings = Findings()
    heading = _stage(price_import, file, findings, lambda done: told("Reading the file", 0.3 * done))
    findings.store(price_import)
    if heading is not None:
        _compare(price_import, heading, told)
    ImportLine.objects.filter(price_import=price_import).delete()


def _stage(
    price_import: PriceImport, file: BinaryIO, findings: Findings, told: Callable[[float], None]
) -> Heading | None:
    try:
        table = open_csv(file)
    except UnreadableFile as error:
        findings.add(Finding(error.code, error.sentence, error.line))
        return None
    heading = read_heading(table.heading, price_import.company)
    if isinstance(heading, list):
        for fault in heading:
            findings.add(fault)
        return None
    price_import.layout = heading.layout
    price_import.lines_read = stage_lines(price_import, table, heading, findings, told)
    if not price_import.lines_read and not findings:
        findings.add(Finding("no_lines", "The file has a heading and no line: there is nothing to import."))
    return heading


def _compare(price_import: PriceImport, heading: Heading, told: Callable[[str, float], None]) -> None:
    run("catalogue", "limit_memory_of_import")
    run("catalogue", "analyze_import_lines")
    parameters: dict[str, Any] = parameters_of(price_import, heading)
    steps = WIDE if heading.layout == PriceImport.Layout.WIDE else LONG
    for number, (step, statements) in enumerate(steps):
        told(step, 0.3 + 0.3 * number / len(steps))
        for statement in statements:
            run("catalogue", f"price_import_{statement}", parameters)
        run("catalogue", "analyze_import_changes")
