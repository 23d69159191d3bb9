"""Batches of events, and the page that takes a file of them."""

from collections import Counter
from typing import BinaryIO

from django.contrib import admin
from django.http import HttpRequest

from billing_site.common.admin import BulkAdmin
from billing_site.common.clock import now
from billing_site.common.uploads import Refusal, UploadAdmin
from catalogue.selectors.companies import company_or_head_office
from metering.adapters.csv_events import COLUMNS
from metering.adapters.files import READERS, format_of, read_file
from metering.models import IngestBatch
from metering.selectors.visible import visible_batches
from metering.services.event_files import LineProblem, ingest_lines
from metering.services.ingestion import Sender

_REMEMBERED = 1000
_COLUMNS = "; ".join(f"{name} ({what})" for name, what in COLUMNS.items())


@admin.register(IngestBatch)
class IngestBatchAdmin(UploadAdmin, BulkAdmin):
    visible = staticmethod(visible_batches)
    list_display = ["id", "received_at", "channel", "event_count", "mediated_at"]
    list_filter = ["channel", ("mediated_at", admin.EmptyFieldListFilter)]
    upload_title = "Upload events"
    upload_help = [
        "CloudEvents in JSON, one a line; a table (CSV); notifications of OpenStack Nova, one a line; or a "
        "FOCUS 1.0 bill. Packed by gzip or not. The first line tells which.",
        f"The columns of a table, in any order: {_COLUMNS}.",
        "Good lines are taken even if others are bad. Sent again, what stands comes back as duplicate.",
    ]

    def has_upload_permission(self, request: HttpRequest) -> bool:
        return self.person(request).has_perm("metering.add_lifecycleevent")

    def take_file(self, request: HttpRequest, file: BinaryIO, *, check_only: bool) -> str:
        company = self.person(request).company or company_or_head_office(None)
        counts: Counter[str] = Counter()
        problems: list[LineProblem] = []
        for batch in ingest_lines(
            read_file(file, READERS[format_of(file)]),
            sender=Sender(company_id=company.pk, head_office_id=company.head_office_id),
            channel="file",
            now=now,
        ):
            counts += batch.counts
            problems += batch.problems[: _REMEMBERED - len(problems)]
        told = ", ".join(f"{number:,} {status}" for status, number in sorted(counts.items())) or "no events"
        if problems:
            raise Refusal(
                [(f"line {one.line}", one.told) for one in problems], title=f"{told}. These were not taken"
            )
        return f"{told}."
