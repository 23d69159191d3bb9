"""Price files: what was uploaded and what became of it; how they are taken."""

from typing import Any

from django.contrib import admin
from unfold.decorators import display

from billing_site.common.admin import VisibleChoices, number
from catalogue.admin.change_set_pages import STATE_LOOKS, ChangeSetPages
from catalogue.admin.history import HistoryAdmin
from catalogue.admin.price_file_upload import PriceFilePages
from catalogue.admin.shared import SharedAdmin
from catalogue.models import PriceImport, PriceImportPolicy, UnitSpelling
from catalogue.selectors.visible import visible_price_import_policies, visible_price_imports


def _lines(action: str) -> Any:
    return number(f"lines_{action}", action, show=lambda lines: f"{lines:,}")


@admin.register(PriceImport)
class PriceImportAdmin(PriceFilePages, ChangeSetPages):
    visible = staticmethod(visible_price_imports)
    list_display = [
        *("file_name", "company_code", "shown_state", "effective"),
        *(_lines(name) for name in ("new", "changed", "withdrawn")),
        *("errors", "warnings", "uploaded_by", "uploaded_at"),
    ]
    list_filter = ["state", ("company", VisibleChoices)]
    search_fields = ["file_name"]

    @display(description="state", ordering="state", label=STATE_LOOKS)
    def shown_state(self, price_import: PriceImport) -> str:
        return PriceImport.State(price_import.state).label

    @admin.display(description="company", ordering="company__code")
    def company_code(self, price_import: PriceImport) -> str:
        return price_import.company.code


@admin.register(PriceImportPolicy)
class PriceImportPolicyAdmin(HistoryAdmin):
    visible = staticmethod(visible_price_import_policies)
    list_display = ["company", "needs_approval", number("jump_percent")]
    fixed_fields = ["company"]


@admin.register(UnitSpelling)
class UnitSpellingAdmin(SharedAdmin):
    list_display = ["spelling", "unit"]
    search_fields = ["spelling", "unit"]
    fixed_fields = ["spelling"]
