"""What finance booked."""

from typing import BinaryIO, cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelectWidget

from billing_site.common.admin import ReadOnlyAdmin, VisibleChoices, money, month
from billing_site.common.uploads import FileForm, UploadAdmin
from catalogue.selectors.visible import visible_companies
from reconciliation.domain.finance import COLUMNS, Signs
from reconciliation.models import FinanceTotal
from reconciliation.selectors.visible import visible_finance_totals
from reconciliation.services.finance_totals import take_finance_file

_COLUMNS = "; ".join(f"{name} ({what})" for name, what in COLUMNS.items())


class FinanceFileForm(FileForm):
    signs = forms.ChoiceField(
        choices=[
            ("", "what customers owe is above 0"),
            ("reversed", "the other way round: turn every amount"),
            ("as_booked", "as above, and most are below 0 all the same"),
        ],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )


@admin.register(FinanceTotal)
class FinanceTotalAdmin(UploadAdmin, ReadOnlyAdmin):
    visible = staticmethod(visible_finance_totals)
    list_display = ["company", month(), "day", "account", money("amount")]
    list_filter = [("company", VisibleChoices)]
    search_fields = ["account__code"]
    upload_form = FinanceFileForm
    upload_title = "Upload finance's totals"
    upload_help = [
        f"CSV with a line an account and month, or an account and day. Columns: {_COLUMNS}.",
        "It replaces the months that it names, or the days from the first to the last one, of the companies "
        "of its accounts. All lines are taken, or none.",
    ]
    can_be_checked = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[FinanceTotal]:
        return super().get_queryset(request).select_related("company", "account")

    def has_upload_permission(self, request: HttpRequest) -> bool:
        return self.person(request).has_perm("reconciliation.add_financetotal")

    def take_file(self, request: HttpRequest, file: BinaryIO, *, check_only: bool) -> str:
        companies = list(visible_companies(self.person(request)))
        signs = cast("Signs", request.POST.get("signs", ""))
        stored = take_finance_file(companies=companies, file=file, signs=signs, dry_run=check_only)
        return f"Nothing wrong, nothing stored yet: {stored}." if check_only else f"{stored}."
