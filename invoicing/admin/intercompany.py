"""What sales offices owe the head office."""

from django.contrib import admin
from django.http import HttpRequest

from billing_site.common.admin import MonthFilter, ReadOnlyAdmin, Table, money, month, show_money
from invoicing.admin.document_downloads import PdfPages
from invoicing.admin.quantities import show_quantity
from invoicing.models import InterCompanyDocument, InterCompanyLine
from invoicing.selectors.visible import visible_intercompany_documents

_SHOWN = 200


@admin.register(InterCompanyDocument)
class InterCompanyDocumentAdmin(PdfPages, ReadOnlyAdmin):
    visible = staticmethod(visible_intercompany_documents)
    list_display = ["number", "head_office", "sales_office", month(), "issued_on", money("net_amount")]
    list_filter = [MonthFilter]
    search_fields = ["number__exact"]
    actions_detail = ["pdf"]
    fields = [
        ("number", "issued_on"),
        ("head_office", "sales_office"),
        (month(), money("net_amount")),
    ]

    def tables(self, request: HttpRequest, row: InterCompanyDocument) -> list[Table]:
        lines = InterCompanyLine.objects.filter(document_id=row.pk).order_by("position")[:_SHOWN]
        rows = [
            (
                *(
                    line.position,
                    line.account,
                    line.sku,
                    line.description,
                    show_quantity(line.quantity),
                    line.unit,
                ),
                show_money(line.net_amount, row.currency),
            )
            for line in lines
        ]
        headers = ["", "account", "SKU", "description", "quantity", "unit", "net"]
        return [Table("Lines", headers, rows, f"The first {_SHOWN}." if len(rows) == _SHOWN else "")]
