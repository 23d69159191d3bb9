"""Take in a file of events: manage.py ingest FILE [--company CODE] [--format csv]."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from catalogue.selectors.companies import company_or_head_office
from metering.adapters import focus, openstack
from metering.adapters.files import READERS, Lines, Reader, format_of, read_file
from metering.services.event_files import FileBatch, ingest_lines
from metering.services.ingestion import Sender

_NOT_TAKEN = ("rejected", "conflict")
_ITEMS = {"flavor": openstack.whole_size, "parts": openstack.parts()}


class Command(BaseCommand):
    help = "Take in a file of events, packed by gzip or not; prints what became of them and every bad line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--company", help="Code of the company that sends it; default: the head office.")
        parser.add_argument("--format", choices=READERS, help="Default: what the first line looks like.")
        parser.add_argument(
            "--items",
            choices=_ITEMS,
            default="flavor",
            help="nova: bill an instance as its flavor's name, or as parts: VCPU, RAM-GIB and DISK-GIB.",
        )
        parser.add_argument(
            "--price-list",
            action="store_true",
            help="focus: print the rows' products and prices as a file for import_prices; take nothing in.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                if options["price_list"]:
                    self._print_price_list(file)
                else:
                    self._ingest(path, file, options)
        except BillingError as refusal:
            raise CommandError(refusal.sentence) from refusal
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error

    def _ingest(self, path: Path, file: BinaryIO, options: dict[str, Any]) -> None:
        company = company_or_head_office(options["company"])
        batches = ingest_lines(
            read_file(file, _reader(options["format"] or format_of(file), options["items"])),
            sender=Sender(company_id=company.pk, head_office_id=company.head_office_id),
            channel="file",
            now=now,
        )
        counts: Counter[str] = Counter()
        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task(path.name, total=path.stat().st_size)
            for batch in self._told(batches):
                counts += batch.counts
                progress.update(bar, completed=file.tell())
        told = ", ".join(f"{number:,} {status}" for status, number in sorted(counts.items()))
        self.stdout.write(f"{path.name}: {told or 'no events'}")
        if not_taken := sum(counts[status] for status in _NOT_TAKEN):
            raise CommandError(
                f"{not_taken:,} lines were not taken: correct them and send the file again. "
                "What stands comes back as duplicate."
            )

    def _told(self, batches: Iterator[FileBatch]) -> Iterator[FileBatch]:
        for batch in batches:
            for problem in batch.problems:
                self.stdout.write(str(problem))
            yield batch

    def _print_price_list(self, file: BinaryIO) -> None:
        lines = list(focus.price_list(Lines(file)))
        names = list(dict.fromkeys(name for line in lines for name in line))
        writer = csv.DictWriter(self.stdout, fieldnames=names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def _reader(format: str, items: str) -> Reader:
    return partial(openstack.read_lines, items=_ITEMS[items]) if format == "nova" else READERS[format]
