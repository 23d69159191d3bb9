"""Who buys."""

from typing import BinaryIO

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline

from billing_site.common.admin import VisibleChoices
from billing_site.common.uploads import UploadAdmin
from catalogue.admin.history import HistoryAdmin
from catalogue.admin.zones import ZonedForm
from catalogue.models import Account, Contact, TaxTreatment
from catalogue.selectors.visible import visible_accounts, visible_companies
from catalogue.services.account_files import COLUMNS, import_accounts


class ContactInline(TabularInline):
    model = Contact
    extra = 0


class TaxTreatmentInline(TabularInline):
    model = TaxTreatment
    extra = 0


@admin.register(Account)
class AccountAdmin(UploadAdmin, HistoryAdmin):
    visible = staticmethod(visible_accounts)
    form = ZonedForm
    list_display = ["code", "name", "company", "currency", "country", "timezone", "late_usage", "opened_at"]
    list_filter = [("company", VisibleChoices), "currency", "late_usage"]
    search_fields = ["code", "name", "external_id", "tax_number"]
    fixed_fields = ["code", "company", "currency"]
    inlines = [ContactInline, TaxTreatmentInline]
    fieldsets = [
        (None, {"fields": [("code", "name"), ("company", "currency"), "external_id", "opened_at"]}),
        (
            "On the invoice",
            {
                "fields": [
                    "address",
                    "delivery_address",
                    ("country", "tax_number"),
                    ("locale", "email"),
                    "usage_annex",
                ]
            },
        ),
        ("Terms", {"fields": ["timezone", ("payment_days", "late_usage")]}),
    ]
    upload_title = "Upload accounts"
    upload_help = [
        f"CSV with a line an account. Columns: {', '.join(COLUMNS)}, contact_name, contact_email, "
        "contact_phone, contact_role, contact_2_name and so on; tax_treatment_category, "
        "tax_treatment_reason, tax_treatment_certificate, tax_treatment_valid_from, "
        "tax_treatment_valid_to, tax_treatment_2_category and so on.",
        "An account is known by its external id, else by its code. A column that is missing leaves what "
        "stands, an empty cell empties the field. All lines are taken, or none.",
    ]
    can_be_checked = True

    def take_file(self, request: HttpRequest, file: BinaryIO, *, check_only: bool) -> str:
        companies = list(visible_companies(self.person(request)))
        saved = import_accounts(file=file, companies=companies, dry_run=check_only)
        counts = f"{saved.new} new, {saved.changed} changed, {saved.unchanged} unchanged."
        return f"Nothing wrong, nothing stored yet: {counts}" if check_only else counts
