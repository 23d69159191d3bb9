"""Files made of invoices."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from billing_site.common.admin import BulkAdmin
from invoicing.models import Document
from invoicing.selectors.visible import visible_documents


@admin.register(Document)
class DocumentAdmin(BulkAdmin):
    visible = staticmethod(visible_documents)
    list_display = ["invoice", "kind", "size", "sha256", "download"]
    search_fields = ["invoice__number__exact"]
    ordering = ["-id"]
    fields = [("invoice", "kind"), ("size", "sha256"), "download"]
    readonly_fields = ["download"]

    @admin.display(description="file")
    def download(self, document: Document) -> str:
        address = reverse("admin:invoicing_invoice_pdf", args=[document.invoice_id])
        return format_html('<a href="{}">{}</a>', address, document.file.name)
