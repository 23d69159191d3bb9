"""Import accounts: manage.py import_accounts FILE [--company DE] [--dry-run]."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing_site.common.commands import refused
from billing_site.common.tables import TableRefused
from catalogue.models import Company
from catalogue.services.account_files import COLUMNS, import_accounts
from catalogue.services.account_saving import AccountsOpenedMeanwhile


class Command(BaseCommand):
    help = (
        f"Open and change accounts from CSV, all or nothing. Columns: {', '.join(COLUMNS)}, contact_name, "
        "contact_email, contact_2_name ..."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--company", help="Code of the company, for a file without that column.")
        parser.add_argument("--dry-run", action="store_true", help="Check only; leave nothing behind.")

    def handle(self, *_args: Any, **options: Any) -> None:
        path, code = options["file"], options["company"]
        companies = list(Company.objects.filter(code=code) if code else Company.objects.all())
        if code and not companies:
            raise CommandError(f"There is no company {code}: name one of the console's companies.")
        try:
            with path.open("rb") as file:
                saved = import_accounts(file=file, companies=companies, dry_run=options["dry_run"])
        except TableRefused as refusal:
            raise refused(refusal, self.stdout) from refusal
        except AccountsOpenedMeanwhile as error:
            raise CommandError(error.sentence) from error
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        self.stdout.write(
            f"{path.name}: {saved.new} new, {saved.changed} changed, {saved.unchanged} unchanged"
        )
        if options["dry_run"]:
            self.stdout.write("Nothing was changed: this was a dry run.")
