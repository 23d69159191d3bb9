"""Take in another system's invoices: manage.py import_other_invoices FILE --company DE --mapping WHMCS."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing_site.common.commands import refused
from billing_site.common.errors import BillingError
from billing_site.common.tables import TableRefused
from catalogue.selectors.companies import company_or_head_office
from reconciliation.domain.exports import PRESETS
from reconciliation.services.other_invoices import mapping_of, take_export


class Command(BaseCommand):
    help = "Take in the invoices that another billing system exported as CSV, all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--company", required=True, help="Code of the company whose customers they are.")
        parser.add_argument(
            "--mapping",
            required=True,
            help=f"Name of a saved mapping of its columns, or {' or '.join(PRESETS)}, saved when used first.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Check only; leave nothing behind.")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            company = company_or_head_office(options["company"])
            mapping = mapping_of(company=company, name=options["mapping"])
            with path.open("rb") as file:
                stored = take_export(mapping=mapping, file=file, dry_run=options["dry_run"])
        except TableRefused as refusal:
            raise refused(refusal, self.stdout) from refusal
        except BillingError as refusal:
            raise CommandError(refusal.sentence) from refusal
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        self.stdout.write(f"{path.name}: {stored}")
        if options["dry_run"]:
            self.stdout.write("Nothing was stored: this was a dry run.")
