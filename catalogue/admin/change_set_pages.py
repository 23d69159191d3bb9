"""The page of a price file: what it would change, and the buttons of those who may let it."""

import csv
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode

from billing_site.common.admin import ReadOnlyAdmin, Table
from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from billing_site.common.exports import safe_cell
from catalogue.admin import change_sets
from catalogue.models import Action, PriceImport, User
from catalogue.selectors.price_changes import changed_lines
from catalogue.services.price_import_approval import approve_price_import, decline_price_import
from catalogue.services.price_import_jobs import (
    WAITING,
    request_check,
    request_publication,
    request_reversal,
)
from catalogue.signals import impact_asked

State = PriceImport.State
STATE_LOOKS = {
    **dict.fromkeys([State.REFUSED.label, State.DECLINED.label], "danger"),
    **dict.fromkeys([State.APPROVED.label, State.PUBLISHED.label], "success"),
    **dict.fromkeys([State.CHECKED.label, State.REVERTED.label], "info"),
    **dict.fromkeys([state.label for state in WAITING], "warning"),
}


class ChangeSetPages(ReadOnlyAdmin):
    """A change set to look through, and to approve, publish and revert."""

    def get_urls(self) -> list[Any]:
        own = [
            path("<int:pk>/step/<slug:step>/", self.admin_site.admin_view(self.step), name="price_file_step"),
            path("<int:pk>/<slug:what>.csv", self.admin_site.admin_view(self.table), name="price_file_table"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        price_import = self.get_object(request, object_id)
        if price_import is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, price_import):
            raise PermissionDenied
        progress = getattr(price_import, "progress", None) if price_import.state in WAITING else None
        context: dict[str, Any] = {
            **self.page_context(request, "Price file", price_import),
            "title": price_import.file_name,
            "opts": self.opts,
            "file": price_import,
            "waits": price_import.state in WAITING,
            "progress": progress,
            "steps": self._steps(self.person(request), price_import),
            "label_variant": STATE_LOOKS.get(price_import.get_state_display(), ""),
            "counts": change_sets.counts(price_import),
            "findings": [change_sets.findings(price_import)],
            "impact": self._impact(request, price_import),
            **self._changes(request, price_import),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "console/change_set.html", context)

    def step(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        price_import = self._found(request, pk)
        person = self.person(request)
        if request.method != "POST":
            raise Http404
        if step not in {name for name, *_ in self._steps(person, price_import)}:
            messages.error(request, "This step is not yours to take, or not now: see what the file is now.")
            return redirect(reverse("admin:catalogue_priceimport_change", args=[pk]))
        try:
            _take(step, price_import, person)
        except BillingError as refusal:
            messages.error(request, refusal.sentence)
        return redirect(reverse("admin:catalogue_priceimport_change", args=[pk]))

    def table(self, request: HttpRequest, pk: int, what: str) -> StreamingHttpResponse:
        """Hand out all changes or all findings as CSV that no spreadsheet runs, however many."""
        price_import = self._found(request, pk)
        if what == "changes":
            headings: tuple[str, ...] = change_sets.CHANGE_HEADINGS
            rows: Iterable[Iterable[Any]] = change_sets.change_rows(price_import)
        elif what == "findings":
            headings = ("severity", "line", "column", "code", "sentence")
            rows = price_import.findings.order_by("line", "id").values_list(*headings).iterator()
        else:
            raise Http404
        response = StreamingHttpResponse(_csv([headings], rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{what}-{pk}.csv"'
        return response

    def _found(self, request: HttpRequest, pk: int) -> PriceImport:
        price_import: PriceImport | None = self.get_object(request, str(pk))
        if price_import is None:
            raise Http404
        if not self.has_view_permission(request, price_import):
            raise PermissionDenied
        return price_import

    def _steps(self, person: User, file: PriceImport) -> list[tuple[str, str, str]]:
        """The steps that this person may take now: name, label, look."""
        may_publish = person.has_perm("catalogue.publish_priceimport")
        may_approve = person.has_perm("catalogue.approve_priceimport")
        is_approved = not file.needs_approval or file.approved_by_id is not None
        may_upload = person.has_perm("catalogue.add_priceimport")
        is_open = file.state in (State.REFUSED, State.CHECKED, State.APPROVED)
        is_ready = file.state in (State.CHECKED, State.APPROVED)
        is_approved = not file.needs_approval or file.approved_by_id is not None
        steps = {
            ("approve", "Approve", "primary"): (
                *(may_approve, file.state == State.CHECKED, file.needs_approval),
                file.uploaded_by_id != person.pk,
            ),
            ("publish", "Publish", "primary"): (may_publish, is_ready, is_approved),
            ("revert", "Revert", "danger"): (may_publish, file.state == State.PUBLISHED),
            ("check", "Check again", "default"): (may_upload, is_open, bool(file.file)),
            ("decline", "Decline", "default"): (may_publish or may_approve, is_open),
        }
        return [step for step, conditions in steps.items() if all(conditions)]

    def _changes(self, request: HttpRequest, price_import: PriceImport) -> dict[str, Any]:
        """The tabs by action, and a page of the lines of the chosen one."""
        numbers = {action: getattr(price_import, f"lines_{action}") for action in Action.values}
        chosen = request.GET.get("action", "")
        if chosen not in numbers:
            chosen = next(
                (action for action in ("changed", "new", "withdrawn") if numbers[action]), "unchanged"
            )
        words, after = request.GET.get("q", "").replace("\0", ""), request.GET.get("after", "0")
        lines = changed_lines(
            price_import,
            action=chosen,
            words=words,
            after=int(after) if after.isdecimal() and len(after) < 10 else 0,
            most=change_sets.LINES_A_PAGE + 1,
        )
        page = lines[: change_sets.LINES_A_PAGE]
        is_wide = price_import.layout == PriceImport.Layout.WIDE
        link = {"action": chosen, "q": words, "after": f"{page[-1].line}"} if len(lines) > len(page) else {}
        return {
            "tabs": [(action, number, action == chosen) for action, number in numbers.items()],
            "chosen": chosen,
            "words": words,
            "changes": [change_sets.wide_changes(page) if is_wide else change_sets.long_changes(page)],
            "next": f"?{urlencode(link)}" if link else "",
        }

    def _impact(self, request: HttpRequest, price_import: PriceImport) -> list[Table]:
        answers: list[tuple[Any, list[Table]]] = impact_asked.send(  # type: ignore[assignment]
            PriceImport, price_import=price_import, person=self.person(request), at=now()
        )
        return [table for _, tables in answers for table in tables]


def _take(step: str, price_import: PriceImport, person: User) -> None:
    takers: dict[str, Callable[[], PriceImport]] = {
        "check": lambda: request_check(price_import=price_import),
        "approve": lambda: approve_price_import(
            price_import=price_import, approved_by=person, approved_at=now()
        ),
        "decline": lambda: decline_price_import(price_import=price_import),
        "publish": lambda: request_publication(price_import=price_import, requested_by=person),
        "revert": lambda: request_reversal(price_import=price_import, requested_by=person),
    }
    takers[step]()


class _Line:
    """What csv writes to: it hands a line back."""

    def write(self, line: str) -> str:
        return line


def _csv(*parts: Iterable[Iterable[Any]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\N{BYTE ORDER MARK}"
    for part in parts:
        for row in part:
            yield writer.writerow([safe_cell(cell) for cell in row])
