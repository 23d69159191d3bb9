"""What the order stream says that it sent."""

from typing import BinaryIO

from django.contrib import admin
from django.http import HttpRequest

from billing_site.common.admin import BulkAdmin, ReadOnlyAdmin, VisibleChoices, number
from billing_site.common.clock import now
from billing_site.common.uploads import UploadAdmin
from catalogue.selectors.companies import company_or_head_office
from reconciliation.domain.control import LINE_COLUMNS, TOTAL_COLUMNS
from reconciliation.models import ControlDay, ControlLine, ControlTotal
from reconciliation.selectors.visible import (
    visible_control_days,
    visible_control_lines,
    visible_control_totals,
)
from reconciliation.services.control_totals import take_control_file


def _told(columns: dict[str, str]) -> str:
    return "; ".join(f"{name} ({what})" for name, what in columns.items())


@admin.register(ControlDay)
class ControlDayAdmin(UploadAdmin, ReadOnlyAdmin):
    visible = staticmethod(visible_control_days)
    list_display = ["day", "source", "company", "kind", "line_count", number("quantity"), "received_at"]
    list_filter = [("company", VisibleChoices), "kind"]
    search_fields = ["source"]
    date_hierarchy = "day"
    upload_title = "Upload a control file"
    upload_help = [
        f"CSV with a line for every event that the stream sent. Columns: {_told(LINE_COLUMNS)}.",
        f"Or with totals. Columns: {_told(TOTAL_COLUMNS)}.",
        "It tells all of each source's days, from the first to the last one in the file: what it does not "
        "list was not sent. Sent again, days are replaced. All lines are taken, or none.",
    ]

    def has_upload_permission(self, request: HttpRequest) -> bool:
        return self.person(request).has_perm("reconciliation.add_controlday")

    def take_file(self, request: HttpRequest, file: BinaryIO, *, check_only: bool) -> str:
        company = self.person(request).company or company_or_head_office(None)
        return f"{take_control_file(company=company, file=file, received_at=now())}."


@admin.register(ControlLine)
class ControlLineAdmin(BulkAdmin):
    visible = staticmethod(visible_control_lines)
    list_display = ["source", "event_id", "resource", "hour", number("quantity")]
    search_fields = ["event_id__exact", "resource__exact"]
    ordering = ["-pk"]


@admin.register(ControlTotal)
class ControlTotalAdmin(BulkAdmin):
    visible = staticmethod(visible_control_totals)
    list_display = ["day", "source", "account", "product", number("quantity")]
    search_fields = ["account__code__exact", "product__sku__exact"]
    ordering = ["-day", "-pk"]
