"""The addresses of the customer portal."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from invoicing.portal import credit_notes, invoices, lines, statements
from invoicing.portal.signing_in import SignIn

app_name = "portal"
urlpatterns = [
    path("", invoices.home, name="home"),
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("credit-notes/", credit_notes.credit_notes, name="credit_notes"),
    path("credit-notes/<uuid:credit_note_id>/", credit_notes.credit_note, name="credit_note"),
    path("credit-notes/<uuid:credit_note_id>/pdf", credit_notes.credit_note_pdf, name="credit_note_pdf"),
    path("accounts/<str:code>/statement", statements.statement, name="statement"),
    path("invoices/<uuid:invoice_id>/", invoices.invoice, name="invoice"),
    path("invoices/<uuid:invoice_id>/pdf", invoices.invoice_pdf, name="invoice_pdf"),
    path("invoices/<uuid:invoice_id>/csv", invoices.invoice_csv, name="invoice_csv"),
    path("invoices/<uuid:invoice_id>/lines/<int:position>/", lines.line, name="line"),
]
