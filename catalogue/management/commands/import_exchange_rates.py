"""Import exchange rates: manage.py import_exchange_rates FILE [--source ECB]."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalogue.services.exchange_rates import InvalidRateFile, import_exchange_rates


class Command(BaseCommand):
    help = (
        "Load exchange rates as the ECB publishes them, or from base,quote,date,rate,source; all or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="ECB", help="Who says so, for files without that column.")

    def handle(self, *_args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            with path.open("rb") as file:
                loaded = import_exchange_rates(file=file, source=options["source"])
        except InvalidRateFile as error:
            raise CommandError(f"{path.name}: {error.sentence} Nothing was stored.") from error
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        self.stdout.write(
            f"{path.name}: {loaded.new} new, {loaded.changed} changed, {loaded.unchanged} unchanged"
        )
        if loaded.skipped:
            self.stdout.write(f"Not in ISO 4217 and left out: {', '.join(loaded.skipped)}")
