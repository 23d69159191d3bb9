"""Pages of the console that belong to no model: reports."""

from django.contrib import admin
from django.urls import path

from reconciliation.admin.margin import MarginPage

urlpatterns = [
    path("reports/margin/", admin.site.admin_view(MarginPage()), name="margin"),
]
