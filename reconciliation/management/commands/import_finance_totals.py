"""Take in what finance booked: manage.py import_finance_totals FILE [--company DE] [--signs reversed]."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing_site.common.commands import refused
from billing_site.common.errors import BillingError
from billing_site.common.tables import TableRefused
from catalogue.models import Company
from catalogue.selectors.companies import company_or_head_office
from reconciliation.domain.finance import COLUMNS
from reconciliation.services.finance_totals import take_finance_file


class Command(BaseCommand):
    help = f"Take in finance's totals from a CSV file, all or nothing. Columns: {', '.join(COLUMNS)}."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--company", help="Code of a company: only its accounts are taken.")
        parser.add_argument("--signs", choices=["as_booked", "reversed"], default="")
        parser.add_argument("--dry-run", action="store_true", help="Check only; leave nothing behind.")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            code = options["company"]
            companies = [company_or_head_office(code)] if code else list(Company.objects.all())
            with path.open("rb") as file:
                stored = take_finance_file(
                    companies=companies, file=file, signs=options["signs"], dry_run=options["dry_run"]
                )
        except TableRefused as refusal:
            raise refused(refusal, self.stdout) from refusal
        except BillingError as refusal:
            raise CommandError(refusal.sentence) from refusal
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        self.stdout.write(f"{path.name}: {stored}")
        if options["dry_run"]:
            self.stdout.write("Nothing was stored: this was a dry run.")
