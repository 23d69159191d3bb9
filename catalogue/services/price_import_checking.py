"""Validate the lines of a price file and compare them with the books, set by set."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, BinaryIO

from django.db import connection

from billing_site.common.sql import run
from catalogue.models import Company, ImportFinding, ImportLine, PriceChange, PriceImport, ProductChange
from catalogue.services.price_import_dates import instant_for, parse_effective, read_instants
from catalogue.services.price_import_files import UnreadableFile, open_price_table
from catalogue.services.price_import_findings import Finding, Findings, store_findings
from catalogue.services.price_import_headings import LONG, WIDE, Heading, read_heading
from catalogue.services.price_import_staging import stage_lines

# Digits with a decimal point and an exponent: no NaN, no separators of thousands, no decimal comma.
NUMBER = r"^[+-]?([0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})([eE][+-]?[0-9]{1,3})?$"


def check_lines(price_import: PriceImport, file: BinaryIO, told: Callable[[str, float], None]) -> None:
    """Fill the change set and the findings of an import from its file; those of an earlier check go."""
    for model in (ImportLine, ProductChange, PriceChange, ImportFinding):
        model.objects.filter(price_import=price_import).delete()
    findings = Findings()
    heading = _stage(price_import, file, findings, lambda done: told("Reading the file", 0.3 * done))
    findings.store(price_import)
    if heading is not None:
        told("Comparing with the books", 0.3)
        _compare(price_import, heading)
        told("Checking the prices", 0.5)
    ImportLine.objects.filter(price_import=price_import).delete()


def _stage(
    price_import: PriceImport, file: BinaryIO, findings: Findings, told: Callable[[float], None]
) -> Heading | None:
    try:
        table = open_price_table(file)
    except UnreadableFile as error:
        findings.add(Finding(error.code, error.sentence, error.line))
        return None
    heading = read_heading(table.heading, price_import.company)
    if isinstance(heading, list):
        for fault in heading:
            findings.add(fault)
        return None
    price_import.layout = heading.layout
    price_import.lines_read = stage_lines(price_import, table, findings, told)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalogue_importline")
    return heading


def _compare(price_import: PriceImport, heading: Heading) -> None:
    parameters = _parameters(price_import, heading)
    run("catalogue", "price_import_products", parameters)
    run("catalogue", "price_import_wide_prices", parameters)
    run("catalogue", "price_import_touch_products", parameters)


def _parameters(price_import: PriceImport, heading: Heading) -> dict[str, Any]:
    companies = [price_import.company, *price_import.company.sales_offices.all()]
    head_office = price_import.company.parent or price_import.company
    effective = parse_effective(price_import.effective)
    return {
        "price_import": price_import.pk,
        "number": NUMBER,
        **{name: heading.positions.get(name) for name in (*WIDE, *LONG)},
        "positions": [column.position for column in heading.prices],
        "companies": [column.company.pk for column in heading.prices],
        "currencies": [column.currency for column in heading.prices],
        "starts": [instant_for(effective, column.company) for column in heading.prices],
        "head_office": head_office.pk,
        "cost_company": head_office.pk,
        "effective": instant_for(effective, head_office),
        **_instants("from", price_import, heading.positions.get("valid_from"), companies),
        **_instants("to", price_import, heading.positions.get("valid_to"), companies),
    }


def _instants(
    prefix: str, price_import: PriceImport, position: int | None, companies: list[Company]
) -> dict[str, list[str] | list[int] | list[datetime]]:
    instants, faults = read_instants(price_import, position, companies)
    store_findings(price_import, faults)
    return {
        f"{prefix}_words": instants.words,
        f"{prefix}_companies": instants.companies,
        f"{prefix}_instants": instants.instants,
    }
