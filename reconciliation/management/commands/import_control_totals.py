"""Take in a control file of the order stream: manage.py import_control_totals FILE [--company CODE]."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing_site.common import clock
from billing_site.common.commands import refused
from billing_site.common.errors import BillingError
from billing_site.common.tables import TableRefused
from catalogue.selectors.companies import company_or_head_office
from reconciliation.domain.control import LINE_COLUMNS, TOTAL_COLUMNS
from reconciliation.services.control_totals import take_control_file


class Command(BaseCommand):
    help = (
        "Take in what the order stream says that it sent, all or nothing. Columns of lines: "
        f"{', '.join(LINE_COLUMNS)}; of totals: {', '.join(TOTAL_COLUMNS)}."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--company", help="Code of the company whose stream it is; default: the head office."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            company = company_or_head_office(options["company"])
            with path.open("rb") as file:
                taken = take_control_file(company=company, file=file, received_at=clock.now())
        except TableRefused as refusal:
            raise refused(refusal, self.stdout) from refusal
        except BillingError as refusal:
            raise CommandError(refusal.sentence) from refusal
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        self.stdout.write(f"{path.name}: {taken}")
