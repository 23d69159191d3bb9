"""Pages of the console that belong to no model: reports."""

from django.contrib import admin
from django.urls import path

from reconciliation.admin.margin import MarginPage
from reconciliation.admin.what_if import WhatIfPage, draft

urlpatterns = [
    path("reports/margin/", admin.site.admin_view(MarginPage()), name="margin"),
    path("reports/what-if/", admin.site.admin_view(WhatIfPage()), name="what_if"),
    path("reports/what-if/draft/", admin.site.admin_view(draft), name="what_if_draft"),
]
