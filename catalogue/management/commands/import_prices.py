"""Import a price file: manage.py import_prices FILE --effective 2026-04-02 [--dry-run]."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from billing_site.common.clock import now
from catalogue.models import ImportFinding, PriceImport
from catalogue.selectors.companies import WhichCompany, company_or_head_office
from catalogue.services.price_import import import_prices
from catalogue.services.price_import_words import NotAnInstant, parse_effective

FINDINGS_SHOWN = 50


class Command(BaseCommand):
    help = "Check a price file and publish it, all or nothing; prints what is new, changed and wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--effective", help="2026-04-02 (local midnight of each company) or an instant; default: now."
        )
        parser.add_argument(
            "--company", help="Code of the company whose file it is; default: the head office."
        )
        parser.add_argument("--dry-run", action="store_true", help="Check only; leave nothing behind.")

    def handle(self, *_args: Any, **options: Any) -> None:
        path, instant = options["file"], now()
        try:
            effective = parse_effective(options["effective"]) if options["effective"] else instant
            with path.open("rb") as file, Progress(console=Console(stderr=True), transient=True) as progress:
                bar = progress.add_task(path.name, total=1.0)
                price_import = import_prices(
                    company=company_or_head_office(options["company"]),
                    file=file,
                    file_name=path.name,
                    effective=effective,
                    imported_at=instant,
                    dry_run=options["dry_run"],
                    told=lambda step, done: progress.update(bar, description=step, completed=done),
                )
        except (NotAnInstant, WhichCompany) as error:
            raise CommandError(error.sentence) from error
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        self._report(price_import, dry_run=options["dry_run"])

    def _report(self, price_import: PriceImport, *, dry_run: bool) -> None:
        severities = ImportFinding.Severity.values
        findings = sorted(price_import.findings.all(), key=lambda finding: severities.index(finding.severity))
        for finding in findings[:FINDINGS_SHOWN]:
            self.stdout.write(f"{finding.severity}: {finding}")
        if len(findings) > FINDINGS_SHOWN:
            self.stdout.write(f"... and {len(findings) - FINDINGS_SHOWN} more")
        self.stdout.write(
            f"{price_import.file_name}: {price_import.lines_new} new, {price_import.lines_changed} changed, "
            f"{price_import.lines_unchanged} unchanged, {price_import.lines_withdrawn} withdrawn, "
            f"{price_import.errors} errors, {price_import.warnings} warnings"
        )
        if price_import.errors:
            raise CommandError("Nothing was changed: correct the lines above and import the file again.")
        if dry_run:
            self.stdout.write("Nothing was changed: this was a dry run.")
        elif price_import.state != PriceImport.State.PUBLISHED:
            self.stdout.write(
                f"Import {price_import.pk} waits for approval by a second person in the console."
            )
