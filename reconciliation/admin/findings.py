"""Differences and leaks as work: who has them, what they may come to, and what is done about them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from babel.numbers import list_currencies
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timesince import timesince
from unfold.decorators import action, display

from billing_site.common.admin import (
    BulkAdmin,
    MonthFilter,
    Table,
    VisibleChoices,
    month,
    number,
    show_money,
    show_number,
)
from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from reconciliation.admin.finding_dialogs import CommentDialog, FixDialog, OwnerDialog, StepDialog, fixes_for
from reconciliation.admin.finding_evidence import evidence_tables
from reconciliation.domain.finding_states import WAITING, steps_from
from reconciliation.domain.fixes import FIXES
from reconciliation.models import Finding
from reconciliation.selectors.visible import visible_findings
from reconciliation.services.finding_work import assign_finding, comment_on_finding, take_finding_step
from reconciliation.services.fixes import fix_finding

_LOOKS = {
    "open": "danger",
    "being investigated": "warning",
    "explained": "info",
    "accepted": "info",
    "fixed": "success",
}


class WaitingFilter(admin.SimpleListFilter):
    title = "still to be seen to"
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "yes"), ("mine", "mine"), ("no", "no")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "mine":
            return queryset.filter(state__in=WAITING, owner=request.user.pk)
        if self.value() == "yes":
            return queryset.filter(state__in=WAITING)
        return queryset.exclude(state__in=WAITING) if self.value() == "no" else queryset


class LevelFilter(admin.SimpleListFilter):
    title = parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        found = visible_findings(request.user).order_by("level")  # type: ignore[arg-type]
        return [(row.level, row.level_name) for row in found.distinct("level")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(level=self.value()) if self.value() else queryset


def _show_quantity(quantity: Decimal, unit: str) -> str:
    return f"{show_number(quantity)} {unit}".strip()


def _dialog(title: str, description: str, form: type, submit: str) -> Any:
    return {"title": title, "description": description, "form_class": form, "form_submit_text": submit}


@admin.register(Finding)
class FindingAdmin(BulkAdmin):
    visible = staticmethod(visible_findings)
    list_display = [
        *("shown_kind", "shown_state", "money", "age", "account_code", "sku", "resource", "level_name"),
        *(month(), "shown_difference", "owner", "company_code"),
    ]
    list_filter = [WaitingFilter, LevelFilter, "kind", "state", MonthFilter, ("company", VisibleChoices)]
    search_fields = ["account__code", "resource__exact", "sku__exact"]
    search_help_text = "An account, or the whole name of a resource or SKU."
    ordering = ["-money_at_risk", "-pk"]
    actions_detail = ["step", "fix", "assign", "comment"]
    fields = [
        ("shown_kind", "shown_state", "owner"),
        "note",
        ("company", "level_name", month()),
        ("account", "sku", "resource"),
        (number("first"), number("second"), "shown_difference"),
        ("money", "age"),
        ("opened_at", "seen_at", "closed_at"),
        ("key", "possible_fixes"),
    ]
    readonly_fields = [
        *("shown_kind", "shown_state", "level_name", "money", "age", "possible_fixes", "shown_difference"),
    ]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [row for row in self.fields if row != "note" or (obj is not None and obj.note)]

    def tables(self, request: HttpRequest, finding: Finding) -> list[Table]:
        return evidence_tables(finding, self.person(request))

    def has_work_permission(self, request: HttpRequest, _object_id: Any = None) -> bool:
        return self.person(request).has_perm("reconciliation.change_finding")

    def has_step_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        finding = self._finding(request, object_id)
        return finding is not None and bool(steps_from(finding.state))

    def has_fix_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        finding = self._finding(request, object_id)
        return finding is not None and bool(fixes_for(finding))

    def _finding(self, request: HttpRequest, object_id: Any) -> Finding | None:
        """Return the finding of a page, for those who may work on it."""
        if not self.has_work_permission(request):
            return None
        return self.get_queryset(request).filter(pk=object_id).first()

    @display(description="class", ordering="kind")
    def shown_kind(self, finding: Finding) -> str:
        return finding.get_kind_display()

    @display(description="state", ordering="state", label=_LOOKS)
    def shown_state(self, finding: Finding) -> str:
        return finding.get_state_display()

    @display(description="money at risk", ordering="money_at_risk")
    def money(self, finding: Finding) -> str:
        if finding.money_at_risk is None:
            return "not known"
        return show_money(finding.money_at_risk, finding.currency)

    @display(description="difference", ordering="difference")
    def shown_difference(self, finding: Finding) -> str:
        is_of_currency = finding.unit in list_currencies()
        return (show_money if is_of_currency else _show_quantity)(finding.difference, finding.unit)

    @display(description="account", ordering="account__code")
    def account_code(self, finding: Finding) -> str:
        return finding.account.code if finding.account else ""

    @display(description="company", ordering="company__code")
    def company_code(self, finding: Finding) -> str:
        return finding.company.code

    @display(description="age", ordering="-opened_at")
    def age(self, finding: Finding) -> str:
        until = finding.closed_at or now()
        return timesince(finding.opened_at, until, depth=1) if until > finding.opened_at else "new"

    @display(description="found by", ordering="level")
    def level_name(self, finding: Finding) -> str:
        return finding.level_name

    @display(description="what a button can do")
    def possible_fixes(self, finding: Finding) -> str:
        return ", ".join(FIXES[fix] for fix in fixes_for(finding)) or "nothing: it needs a person"

    @action(
        description="Move on",
        permissions=["step"],
        icon="arrow_forward",
        dialog=_dialog("Move on", "Only a run says that it is fixed.", StepDialog, "Move on"),
    )
    def step(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._work(
            request,
            form,
            take_finding_step,
            step=form.cleaned_data["step"],
            reason=form.cleaned_data["reason"],
        )

    @action(
        description="Fix",
        permissions=["fix"],
        icon="build",
        dialog=_dialog("Fix", "The next run closes it, if that mended it.", FixDialog, "Do it"),
    )
    def fix(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._work(request, form, fix_finding, fix=form.cleaned_data["fix"])

    @action(
        description="Assign",
        permissions=["work"],
        icon="person_add",
        dialog=_dialog("Assign", "Who sees to it.", OwnerDialog, "Assign"),
    )
    def assign(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._work(request, form, assign_finding, owner=form.cleaned_data["owner"])

    @action(
        description="Comment",
        permissions=["work"],
        icon="comment",
        dialog=_dialog("Comment", "It stays with the finding.", CommentDialog, "Keep"),
    )
    def comment(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._work(request, form, comment_on_finding, text=form.cleaned_data["text"])

    def _work(
        self, request: HttpRequest, form: Any, service: Callable[..., Any], **what: Any
    ) -> HttpResponse:
        """Call a service for the finding of a dialog, and show its page again."""
        finding = form.finding
        if finding is None:
            return HttpResponse(headers={"HX-Redirect": reverse("admin:reconciliation_finding_changelist")})
        try:
            service(finding_id=finding.pk, by=self.person(request), at=now(), **what)
        except BillingError as refusal:
            messages.error(request, refusal.sentence)
        return HttpResponse(
            headers={"HX-Redirect": reverse("admin:reconciliation_finding_change", args=[finding.pk])}
        )
