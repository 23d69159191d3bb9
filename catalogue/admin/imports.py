"""Price files: what was uploaded and what became of it."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.decorators import display

from billing_site.common.admin import ReadOnlyAdmin, Table, VisibleChoices
from catalogue.admin.history import HistoryAdmin
from catalogue.admin.shared import SharedAdmin
from catalogue.models import ImportFinding, PriceImport, PriceImportPolicy, UnitSpelling
from catalogue.selectors.visible import visible_price_import_policies, visible_price_imports

_SHOWN = 200


@admin.register(PriceImport)
class PriceImportAdmin(ReadOnlyAdmin):
    visible = staticmethod(visible_price_imports)
    list_display = [
        *("file_name", "company", "shown_state", "effective", "prices_new", "prices_changed"),
        *("prices_withdrawn", "errors", "warnings", "uploaded_by", "uploaded_at"),
    ]
    list_filter = ["state", ("company", VisibleChoices)]
    search_fields = ["file_name"]
    fields = [
        ("file_name", "company", "layout"),
        ("shown_state", "step", "percent_done", "effective"),
        ("lines_read", "lines_new", "lines_changed", "lines_unchanged", "lines_withdrawn"),
        ("prices_new", "prices_changed", "prices_unchanged", "prices_withdrawn"),
        ("errors", "warnings", "jump_percent", "needs_approval"),
        ("uploaded_by", "uploaded_at", "checked_at"),
        ("approved_by", "approved_at"),
        ("published_by", "published_at"),
        ("reverted_by", "reverted_at"),
    ]
    readonly_fields = ["shown_state"]

    @display(
        description="state",
        ordering="state",
        label={
            **dict.fromkeys(["refused: it has errors", "declined"], "danger"),
            **dict.fromkeys(["approved", "published"], "success"),
            **dict.fromkeys(["waiting to be checked", "checked", "reverted"], "info"),
        },
    )
    def shown_state(self, price_import: PriceImport) -> str:
        return PriceImport.State(price_import.state).label

    def tables(self, request: HttpRequest, row: PriceImport) -> list[Table]:
        findings = list(row.findings.all()[: _SHOWN + 1])
        rows = [(_place(finding), finding.severity, finding.sentence) for finding in findings[:_SHOWN]]
        note = f"The first {_SHOWN}." if len(findings) > _SHOWN else ""
        return [Table("Findings", ["where", "severity", "what"], rows, note)]


def _place(finding: ImportFinding) -> str:
    where = f"line {finding.line}" if finding.line else "the file"
    return f"{where}, {finding.column}" if finding.column else where


@admin.register(PriceImportPolicy)
class PriceImportPolicyAdmin(HistoryAdmin):
    visible = staticmethod(visible_price_import_policies)
    list_display = ["company", "needs_approval", "jump_percent"]
    fixed_fields = ["company"]


@admin.register(UnitSpelling)
class UnitSpellingAdmin(SharedAdmin):
    list_display = ["spelling", "unit"]
    search_fields = ["spelling", "unit"]
    fixed_fields = ["spelling"]
