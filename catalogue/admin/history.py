"""A page for each thing: who changed what when, as the database kept it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from billing_site.common.admin import ConsoleAdmin, Table
from catalogue.selectors.history import HistoryEntry, history_of


class HistoryAdmin(ConsoleAdmin):
    """Pages of a model of which history is kept."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        rows = [_cells(entry) for entry in history_of(row)]
        table = Table("", ["when (UTC)", "who", "what", "from, to"], rows)
        context = {
            **self.page_context(request, "History", row),
            "tables": [table],
            **(extra_context or {}),
        }
        return TemplateResponse(request, "console/history.html", context)


def _cells(entry: HistoryEntry) -> tuple[str | SafeString, ...]:
    """What a row of the table says; each field on a line of its own."""
    changes = format_html_join(
        "",
        '<div class="whitespace-pre-line"><span class="text-font-subtle-light">{}</span> {} → {}</div>',
        ((change.name, change.before or "—", change.after or "—") for change in entry.fields),
    )
    what = f"{entry.part} {entry.what}".strip()
    return f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.who or "—", what, changes
