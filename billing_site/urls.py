"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from billing_site.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("api/", include("billing_site.rest")),
    path("console/", admin.site.urls),
    path("", include("invoicing.portal.urls")),
]

handler400 = "billing_site.rest.bad_request"
handler403 = "billing_site.rest.forbidden"
handler404 = "billing_site.rest.no_such_address"
handler500 = "billing_site.rest.broken"
