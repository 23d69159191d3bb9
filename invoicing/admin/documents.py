"""Files made of invoices, credit notes and inter-company documents."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from billing_site.common.admin import BulkAdmin
from invoicing.models import Document
from invoicing.selectors.visible import visible_documents


@admin.register(Document)
class DocumentAdmin(BulkAdmin):
    visible = staticmethod(visible_documents)
    list_display = ["of", "kind", "size", "sha256", "download"]
    search_fields = [
        *("invoice__number__exact", "credit_note__number__exact", "intercompany_document__number__exact"),
    ]
    ordering = ["-id"]
    fields = [("of", "kind"), ("size", "download"), "sha256"]
    readonly_fields = ["of", "download"]

    @admin.display(description="document")
    def of(self, document: Document) -> str:
        return str(document.thing)

    @admin.display(description="file")
    def download(self, document: Document) -> str:
        model = document.thing._meta.model_name
        address = reverse(f"admin:invoicing_{model}_pdf", args=[document.thing.pk])
        return format_html('<a href="{}">{}</a>', address, document.file.name)
