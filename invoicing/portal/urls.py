"""The addresses of the customer portal."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from invoicing.portal import invoices, lines
from invoicing.portal.signing_in import SignIn

app_name = "portal"
urlpatterns = [
    path("", invoices.home, name="home"),
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("invoices/<uuid:invoice_id>/", invoices.invoice, name="invoice"),
    path("invoices/<uuid:invoice_id>/pdf", invoices.invoice_pdf, name="invoice_pdf"),
    path("invoices/<uuid:invoice_id>/csv", invoices.invoice_csv, name="invoice_csv"),
    path("invoices/<uuid:invoice_id>/lines/<int:position>/", lines.line, name="line"),
]
