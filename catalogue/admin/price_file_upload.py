"""The page that takes a price file: django-import-export's, its Resource handing the file to the service."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from import_export.admin import ImportMixin
from import_export.formats.base_formats import Format
from import_export.resources import Resource
from import_export.results import Result
from unfold.contrib.import_export.forms import ImportForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from billing_site.common.admin import ConsoleAdmin
from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from billing_site.common.uploads import too_large
from catalogue.models import Company, PriceImport
from catalogue.selectors.visible import visible_price_file_companies
from catalogue.services.price_import_jobs import request_price_import
from catalogue.services.price_import_words import parse_effective


class PriceFileFormat(Format):
    """A table as text; which delimiter and encoding it has, the service finds out."""

    def get_title(self) -> str:
        return "CSV"

    def is_binary(self) -> bool:
        return True

    def can_import(self) -> bool:
        return True


class PriceFileResource(Resource):
    """Hands a file over as it is: the service checks it, compares it with the books and publishes it."""

    price_import: PriceImport

    @classmethod
    def get_display_name(cls) -> str:
        return "Price file"

    def import_data(self, dataset: Any, dry_run: bool = False, **how: Any) -> Result:
        """Keep the file and have it checked; publishing is for its change set to ask for."""
        self.price_import = request_price_import(
            company=how["company"],
            file=dataset,
            file_name=how["file_name"],
            effective=how["effective"],
            uploaded_by=how["user"],
            uploaded_at=how["uploaded_at"],
        )
        return Result()


class PriceFileForm(ImportForm):
    """Whose file it is, and from when its prices count."""

    company = forms.ModelChoiceField(
        queryset=Company.objects.none(),
        widget=UnfoldAdminSelectWidget,
        help_text="A head office's file holds its cost and the prices of its sales offices.",
    )
    effective = forms.CharField(
        label="Prices count from",
        widget=UnfoldAdminTextInputWidget,
        help_text="A date is midnight where each company is; an instant is the same for all: "
        "2026-04-02T00:00:00Z. A line with valid_from has its own.",
    )
    field_order = ["import_file", "company", "effective", "resource", "format"]

    def clean_effective(self) -> date | datetime:
        try:
            return parse_effective(self.cleaned_data["effective"].strip())
        except BillingError as refusal:
            raise ValidationError(refusal.sentence) from refusal


class PriceFilePages(ImportMixin, ConsoleAdmin):
    """A list of price files with a page to upload one, which leads to its change set."""

    import_form_class = PriceFileForm
    import_template_name = "console/price_file_upload.html"
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"

    def get_urls(self) -> list[Any]:
        # What import-export would ask to confirm is the change set, on a page of its own.
        return [url for url in super().get_urls() if not str(url.name).endswith("_process_import")]

    def get_import_formats(self) -> list[type[Format]]:
        return [PriceFileFormat]

    def get_import_resource_classes(self, request: HttpRequest) -> list[type[Resource]]:
        return [PriceFileResource]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.person(request).has_perm("catalogue.add_priceimport")

    def get_import_form_initial(self, request: HttpRequest) -> dict[str, Any]:
        return {"effective": now().date().isoformat()}

    def create_import_form(self, request: HttpRequest) -> PriceFileForm:
        form: PriceFileForm = super().create_import_form(request)
        companies = visible_price_file_companies(self.person(request))
        form.fields["company"].queryset = companies
        form.initial["company"] = companies.first()
        if sentence := too_large(request):
            form.add_error("import_file", sentence)
        return form

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.create_import_form(request)
        if request.method != "POST" or not self.has_import_permission(request) or not form.is_valid():
            page: HttpResponse = super().import_action(request, **kwargs)
            return page
        resource = PriceFileResource()
        values = form.cleaned_data
        resource.import_data(
            values["import_file"],
            file_name=values["import_file"].name,
            company=values["company"],
            effective=values["effective"],
            user=self.person(request),
            uploaded_at=now(),
        )
        return redirect(reverse("admin:catalogue_priceimport_change", args=[resource.price_import.pk]))
