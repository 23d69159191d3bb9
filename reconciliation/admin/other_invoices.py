"""Invoices of another billing system, and what its columns mean."""

from typing import Any, BinaryIO

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from billing_site.common.admin import ConsoleAdmin, ReadOnlyAdmin, VisibleChoices, money
from billing_site.common.uploads import FileForm, UploadAdmin
from catalogue.models import Company
from catalogue.selectors.visible import visible_companies
from reconciliation.domain.exports import PRESETS
from reconciliation.models import ExportMapping, OtherInvoice
from reconciliation.selectors.visible import visible_export_mappings, visible_other_invoices
from reconciliation.services.other_invoices import mapping_of, take_export


class ExportForm(FileForm):
    company = forms.ModelChoiceField(
        queryset=Company.objects.all(), to_field_name="code", widget=UnfoldAdminSelectWidget
    )
    mapping = forms.CharField(
        widget=UnfoldAdminTextInputWidget,
        help_text=f"The name of a saved mapping, or {' or '.join(PRESETS)}, which is saved when used first.",
    )


@admin.register(ExportMapping)
class ExportMappingAdmin(ConsoleAdmin):
    visible = staticmethod(visible_export_mappings)
    list_display = ["name", "company", "matches_by", "account_is", "date_order"]
    list_filter = [("company", VisibleChoices)]
    fields = [
        ("company", "name"),
        *("columns", "date_order", "account_is", "matches_by", "ignored_statuses"),
    ]
    fixed_fields = ["company"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        example = dict(PRESETS["WHMCS"].names)
        return {**super().get_changeform_initial_data(request), "columns": example}


@admin.register(OtherInvoice)
class OtherInvoiceAdmin(UploadAdmin, ReadOnlyAdmin):
    visible = staticmethod(visible_other_invoices)
    list_display = ["mapping", "number", "account", "issued_on", money("amount")]
    list_filter = [("company", VisibleChoices), ("mapping", VisibleChoices)]
    search_fields = ["number__exact", "account__code"]
    upload_form = ExportForm
    upload_title = "Upload another system's invoices"
    upload_help = [
        "CSV as the other billing system exports it; a mapping says which of its columns means what.",
        "It replaces that system's invoices from the first day in the file to the last. All lines are taken, "
        "or none.",
    ]
    can_be_checked = True

    def has_upload_permission(self, request: HttpRequest) -> bool:
        return self.person(request).has_perm("reconciliation.add_otherinvoice")

    def form_for(self, request: HttpRequest, *given: Any) -> FileForm:
        form = super().form_for(request, *given)
        form.fields["company"].queryset = visible_companies(self.person(request))  # type: ignore[attr-defined]
        return form

    def take_file(self, request: HttpRequest, file: BinaryIO, *, check_only: bool) -> str:
        company = visible_companies(self.person(request)).get(code=request.POST["company"])
        mapping = mapping_of(company=company, name=request.POST["mapping"].strip())
        stored = take_export(mapping=mapping, file=file, dry_run=check_only)
        return f"Nothing wrong, nothing stored yet: {stored}." if check_only else f"{stored}."
