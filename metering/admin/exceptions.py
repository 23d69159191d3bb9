"""What waits for a person, or for an event that has not come yet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from billing_site.common.admin import LINK, BulkAdmin, Table, show_money
from billing_site.common.clock import now
from metering.models import EventException
from metering.selectors.unrated import Unrated, unrated
from metering.selectors.visible import visible_exceptions
from metering.services.dismissals import CannotDismiss, check_dismissible, dismiss_exception
from metering.services.exceptions import retry_exceptions

_SHOWN = 50
_UNKNOWN = "not known"
_ASKED = "Looked at again: what is not so any more closes within seconds; see the list."


class OpenFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "open"), ("closed", "closed"), ("dismissed", "dismissed")]

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        if self.value() == "dismissed":
            return queryset.exclude(dismissed_because="")
        return queryset.filter(closed_at__isnull=self.value() == "open")


class DismissForm(forms.Form):
    because = forms.CharField(
        label="Why nothing is to be done",
        max_length=1000,
        widget=UnfoldAdminTextareaWidget,
        help_text="It is kept with your name. Found again, the exception stays closed.",
    )


@admin.register(EventException)
class EventExceptionAdmin(BulkAdmin):
    visible = staticmethod(visible_exceptions)
    list_display = ["shown_kind", "state", "money", "account", "resource", "sku", "company", "opened_at"]
    list_filter = [OpenFilter, "kind"]
    search_fields = ["resource__exact", "event_id__exact", "sku__exact"]
    search_help_text = "The whole name of a resource, id of an event, or SKU."
    actions = ["retry_selected"]
    actions_list = ["unrated"]
    actions_detail = ["retry", "dismiss"]
    fields = [
        ("shown_kind", "state"),
        "reason",
        ("money", "estimated_at"),
        ("company", "account"),
        ("resource", "sku"),
        ("source", "event_id"),
        ("opened_at", "closed_at"),
        ("dismissed_by", "dismissed_because"),
    ]
    readonly_fields = ["shown_kind", "state", "reason", "company", "account", "money"]

    def has_retry_permission(self, request: HttpRequest, _object_id: Any = None) -> bool:
        return self.person(request).has_perm("metering.change_eventexception")

    def has_dismiss_permission(self, request: HttpRequest, _object_id: Any = None) -> bool:
        return self.has_retry_permission(request)

    @display(description="what", ordering="kind")
    def shown_kind(self, exception: EventException) -> str:
        return exception.get_kind_display()

    @display(label={"open": "warning", "closed": "success", "dismissed": "info"})
    def state(self, exception: EventException) -> str:
        if exception.dismissed_because:
            return "dismissed"
        return "open" if exception.closed_at is None else "closed"

    @display(description="money at risk", ordering="money_at_risk")
    def money(self, exception: EventException) -> str:
        if exception.money_at_risk is None:
            return _UNKNOWN if exception.estimated_at else "being estimated"
        return show_money(exception.money_at_risk, exception.currency) if exception.currency else "none"

    @admin.display(ordering="company_id")
    def company(self, exception: Any) -> str:
        return exception.company

    @admin.display(ordering="account_id")
    def account(self, exception: Any) -> str:
        return exception.account

    @admin.display(description="what to do")
    def reason(self, exception: EventException) -> str:
        return exception.reason

    @action(
        description="Look again",
        permissions=["retry"],
        icon="replay",
        dialog={
            "title": "Look again",
            "description": "Its cause is looked at anew. If that is gone, it closes within seconds.",
            "form_class": None,
            "form_submit_text": "Look again",
        },
    )
    def retry(self, request: HttpRequest, _form: Any, object_id: str) -> HttpResponse:
        exception = self.get_object(request, object_id)
        if exception is not None:
            retry_exceptions(ids=[exception.pk])
            messages.success(request, _ASKED)
        address = reverse("admin:metering_eventexception_changelist")
        return HttpResponse(headers={"HX-Redirect": f"{address}?state=open"})

    @action(description="Dismiss", url_path="dismiss", permissions=["dismiss"], icon="do_not_disturb_on")
    def dismiss(self, request: HttpRequest, object_id: str) -> HttpResponse:
        exception = self.get_object(request, object_id)
        if exception is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        here = redirect(reverse("admin:metering_eventexception_change", args=[exception.pk]))
        form = DismissForm(request.POST or None)
        try:
            check_dismissible(exception)
            if form.is_valid():
                because = form.cleaned_data["because"]
                person = str(self.person(request))
                dismiss_exception(exception=exception, by=person, because=because, now=now())
                self.log_change(request, exception, f"Dismissed: {because}")
                messages.success(request, "Dismissed. It stays closed; nothing of what is billed changes.")
                return here
        except CannotDismiss as refusal:
            messages.error(request, refusal.sentence)
            return here
        context = {
            **self.page_context(request, "Dismiss", exception),
            "form": form,
            "help": [exception.reason],
            "button": "Dismiss",
        }
        return TemplateResponse(request, "console/form.html", context)

    @admin.action(description="Look again at the selected ones", permissions=["retry"])
    def retry_selected(self, request: HttpRequest, selected: QuerySet[EventException]) -> None:
        retry_exceptions(ids=list(selected.values_list("pk", flat=True)))
        messages.success(request, _ASKED)

    @action(description="Unrated for over an hour", permissions=["view"], icon="hourglass_top")
    def unrated(self, request: HttpRequest) -> HttpResponse:
        found = unrated(self.person(request), at=now())
        context = {
            **self.page_context(request, "Accepted, and unrated for more than an hour"),
            "tables": _tables(found),
        }
        return TemplateResponse(request, "console/unrated.html", context)


def _tables(found: Unrated) -> list[Table]:
    """Return what waits for a job, then what waits for a person; what is empty is left out."""
    batches = [
        (batch.pk, _instant(batch.received_at), batch.channel, f"{batch.event_count:,}")
        for batch in found.batches[:_SHOWN]
    ]
    months = [
        (month.account.code, f"{month.month:%Y-%m}", _instant(month.stale_since), _instant(month.rated_as_of))
        for month in found.months[:_SHOWN]
    ]
    stuck: list[Any] = list(found.exceptions[:_SHOWN])
    exceptions = [
        (
            format_html(
                '<a class="{}" href="{}">{}</a>',
                LINK,
                reverse("admin:metering_eventexception_change", args=[exception.pk]),
                exception.get_kind_display(),
            ),
            _instant(exception.opened_at),
            exception.account or exception.company or "",
            exception.resource,
            exception.sku,
            _at_risk(exception),
        )
        for exception in stuck
    ]
    tables = [
        Table(
            "Waiting for mediation: see that a worker runs",
            ["batch", "received (UTC)", "by", "events"],
            batches,
            _more(found.batches.count()),
        ),
        Table(
            "Waiting for rating: see that a worker runs",
            ["account", "month", "news since (UTC)", "rated as of"],
            months,
            _more(found.months.count()),
        ),
        Table(
            "Waiting for a person, or for an event",
            ["what", "since (UTC)", "account or company", "resource", "SKU", "money at risk"],
            exceptions,
            _more(found.exceptions.count()),
        ),
    ]
    return [table for table in tables if table.rows]


def _at_risk(exception: EventException) -> str:
    if exception.money_at_risk is None:
        return _UNKNOWN
    return show_money(exception.money_at_risk, exception.currency)


def _more(count: int) -> str:
    return f"The first {_SHOWN} of {count:,}." if count > _SHOWN else ""


def _instant(instant: Any) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S}" if instant else "never"
