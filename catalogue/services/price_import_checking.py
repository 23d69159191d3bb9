"""Validate the lines of a price file and compare them with the books, set by set."""

from collections.abc import Callable
from typing import Any, BinaryIO

from django.db import connection

from billing_site.common.sql import run
from catalogue.models import Company, ImportFinding, ImportLine, PriceChange, PriceImport, ProductChange
from catalogue.services.price_import_dates import instant_for, parse_effective, read_instants
from catalogue.services.price_import_files import UnreadableFile, open_price_table
from catalogue.services.price_import_findings import Finding, Findings
from catalogue.services.price_import_headings import Heading, read_heading
from catalogue.services.price_import_staging import stage_lines


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
    price_import.lines_read = stage_lines(price_import, table, heading, findings, told)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalogue_importline")
    return heading


def _compare(price_import: PriceImport, heading: Heading) -> None:
    parameters = _parameters(price_import, heading)
    run("catalogue", "price_import_products", parameters)
    run("catalogue", "price_import_wide_prices", parameters)
    run("catalogue", "price_import_touch_products", parameters)


def _parameters(price_import: PriceImport, heading: Heading) -> dict[str, Any]:
    company = price_import.company
    head_office = company.parent or company
    companies = [head_office, company, *company.sales_offices.all()]
    effective = parse_effective(price_import.effective)
    return {
        "price_import": price_import.pk,
        "numbers": [book.number for book in heading.books],
        "companies": [book.company.pk for book in heading.books],
        "currencies": [book.currency for book in heading.books],
        "starts": [instant_for(effective, book.company) for book in heading.books],
        "head_office": head_office.pk,
        "cost_company": head_office.pk,
        "effective": instant_for(effective, head_office),
        **_instants("from", price_import, companies),
        **_instants("to", price_import, companies),
    }


def _instants(prefix: str, price_import: PriceImport, companies: list[Company]) -> dict[str, Any]:
    instants = read_instants(price_import, f"valid_{prefix}", companies)
    return {
        f"{prefix}_words": instants.words,
        f"{prefix}_companies": instants.companies,
        f"{prefix}_instants": instants.instants,
    }
