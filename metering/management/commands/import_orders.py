"""Import orders: manage.py import_orders FILE [--company DE] [--dry-run]."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing_site.common import clock
from billing_site.common.commands import refused
from billing_site.common.tables import TableRefused
from catalogue.models import Account, Company
from metering.services.order_files import COLUMNS, OrdersPlacedMeanwhile, import_orders


class Command(BaseCommand):
    help = f"Place the orders of a CSV file, all or nothing. Columns: {', '.join(COLUMNS)}."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--company", help="Code of a company: only its accounts are taken.")
        parser.add_argument("--dry-run", action="store_true", help="Check only; leave nothing behind.")

    def handle(self, *_args: Any, **options: Any) -> None:
        path, code = options["file"], options["company"]
        if code and not Company.objects.filter(code=code).exists():
            raise CommandError(f"There is no company {code}: name one of the console's companies.")
        accounts = Account.objects.filter(company__code=code) if code else Account.objects.all()
        try:
            with path.open("rb") as file:
                stored = import_orders(
                    file=file, accounts=accounts, now=clock.now(), dry_run=options["dry_run"]
                )
        except TableRefused as refusal:
            raise refused(refusal, self.stdout) from refusal
        except OrdersPlacedMeanwhile as error:
            raise CommandError(error.sentence) from error
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        self.stdout.write(
            f"{path.name}: {stored.new} new, {stored.changed} with another end, {stored.unchanged} unchanged"
        )
        if options["dry_run"]:
            self.stdout.write("Nothing was stored: this was a dry run.")
