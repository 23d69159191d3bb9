"""Every address of the site."""

from django.contrib import admin
from django.http import Http404
from django.urls import include, path, re_path
from django.views.defaults import page_not_found

from billing_site.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("api/", include("billing_site.rest")),
    # The admin's "view on site" looks up any row of any model, also without a table; nothing links to it.
    re_path("^console/r/", page_not_found, {"exception": Http404()}),
    path("console/", include("reconciliation.admin.urls")),
    path("console/", admin.site.urls),
    path("", include("invoicing.portal.urls")),
]

handler400 = "billing_site.rest.bad_request"
handler403 = "billing_site.rest.forbidden"
handler404 = "billing_site.rest.no_such_address"
handler500 = "billing_site.rest.broken"
