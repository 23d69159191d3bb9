"""A pro forma invoice says what the bill run would, and leaves nothing behind."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.apps import apps
from django.urls import reverse
from pypdf import PdfReader

from catalogue.models import Account, Scope, User
from invoicing.models import Invoice
from invoicing.selectors.invoice_views import invoice_view
from invoicing.services.document_contents import invoice_document
from invoicing.services.pro_formas import AlreadyIssued, NothingToShow, pro_forma
from metering.services.mediation import mediate_waiting
from tests.factories.bill_runs import APRIL, CUTOFF, MARCH, bill, shown, use
from tests.factories.houses import client_of, key_of, operator_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def north(north):
    """The same, with what was received mediated, as it is by itself."""
    mediate_waiting(now=CUTOFF)
    return north


def account(code="a"):
    return Account.objects.select_related("company").get(code=code)


def rows():
    """How many rows each table of ours has, and what the charges are."""
    return {
        model._meta.label: model._default_manager.count()
        for app in ("catalogue", "metering", "invoicing")
        for model in apps.get_app_config(app).get_models()
    }


def said(view):
    lines = [(line.sku, line.quantity, line.net_amount, line.kind) for line in view.lines]
    taxes = [(tax.category, tax.percent, tax.tax_amount) for tax in view.taxes]
    return lines, taxes, view.net_amount, view.tax_amount, view.gross_amount


def test_it_says_what_the_bill_run_says_then_and_leaves_nothing(north):
    before = rows()
    view = pro_forma(account=account(), month=MARCH, as_of=CUTOFF)
    assert rows() == before
    assert (view.number, view.issued_on, view.due_on) == (None, None, None)
    assert f"{view.gross_amount:.2f}" == "11.90"
    bill(north)
    assert said(view) == said(invoice_view(Invoice.objects.get(account__code="a").pk))


def test_of_a_running_month_it_says_what_there_is_so_far(north):
    use("a", "5", at=datetime(2026, 4, 10, tzinfo=UTC), received_at=datetime(2026, 4, 10, tzinfo=UTC))
    bill(north)
    view = pro_forma(account=account(), month=APRIL, as_of=datetime(2026, 4, 15, tzinfo=UTC))
    assert f"{view.net_amount:.2f}" == "5.00"
    assert not Invoice.objects.filter(month=APRIL).exists()
    with pytest.raises(NothingToShow, match="There is nothing to bill of a in 2026-04 so far"):
        pro_forma(account=account(), month=APRIL, as_of=datetime(2026, 4, 9, tzinfo=UTC))


def test_a_drafted_month_is_shown_as_drafted_and_an_issued_one_is_refused(north):
    run = shown(north)
    drafts = list(Invoice.objects.order_by("pk").values())
    assert f"{pro_forma(account=account(), month=MARCH, as_of=CUTOFF).gross_amount:.2f}" == "11.90"
    assert list(Invoice.objects.order_by("pk").values()) == drafts
    Invoice.objects.filter(account__code="a").update(
        state="issued", number="N-1", issued_on=date(2026, 4, 3), due_on=date(2026, 5, 3)
    )
    with pytest.raises(AlreadyIssued, match="a has the invoice N-1 for 2026-03: take that one"):
        pro_forma(account=account(), month=MARCH, as_of=CUTOFF)
    assert run.state == "drafted"


def test_its_pdf_says_on_each_page_that_it_is_none(north):
    view = pro_forma(account=account(), month=MARCH, as_of=CUTOFF)
    reader = PdfReader(BytesIO(invoice_document(view)))
    text = " ".join(reader.pages[0].extract_text().split())
    assert text.count("Pro forma invoice") >= 2
    assert "This is no invoice: it has no number, nothing is due, and it may still change." in text
    assert "Please pay" not in text
    assert reader.attachments == {}


class TestDoors:
    def test_the_api_answers_lines_and_a_pdf(self, north):
        client = client_of(key_of(north, Scope.BILLING_READ))
        body = client.get("/api/v1/accounts/a/pro-forma?month=2026-03").json()
        assert (body["account"], body["month"], body["gross_amount"]) == ("a", "2026-03", "11.9")
        assert [(line["sku"], line["quantity"], line["net_amount"]) for line in body["lines"]] == [
            ("TRAFFIC", "10", "10")
        ]
        pdf = client.get("/api/v1/accounts/a/pro-forma/pdf?month=2026-03")
        assert (pdf.status_code, pdf["Content-Type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
        assert client.get("/api/v1/accounts/a/pro-forma?month=march").status_code == 400
        assert client.get("/api/v1/accounts/nobody/pro-forma?month=2026-03").status_code == 404
        empty = client.get("/api/v1/accounts/c/pro-forma?month=2026-03")
        assert (empty.status_code, empty.json()["code"]) == (400, "nothing_to_bill")

    def test_customers_see_what_is_issued_and_no_drafts(self, north):
        client = client_of(key_of(north, Scope.BILLING_READ, account=account()))
        assert client.get("/api/v1/accounts/a/balance").status_code == 200
        assert client.get("/api/v1/accounts/a/pro-forma?month=2026-03").status_code == 404

    def test_the_console_shows_it_and_gives_the_pdf(self, client, north):
        client.force_login(operator_of(north, "billing admin"))
        page = reverse("admin:invoicing_invoice_pro_forma")
        assert client.get(page).status_code == 200
        content = client.get(page, {"account": "a", "month": "2026-03"}).content.decode()
        assert "Nothing of it is kept" in content
        assert "TRAFFIC" in content
        pdf = client.get(page, {"account": "a", "month": "2026-03", "pdf": "1"})
        assert pdf["Content-Type"] == "application/pdf"
        stranger = client.get(page, {"account": "x", "month": "2026-03"}).content.decode()
        assert "no account by this code" in stranger

    def test_a_draft_has_a_preview_in_the_console(self, client, north):
        shown(north)
        client.force_login(User.objects.create_superuser("root"))
        draft = Invoice.objects.get(account__code="a")
        pdf = client.get(reverse("admin:invoicing_invoice_pdf", args=[draft.pk]))
        text = PdfReader(BytesIO(pdf.content)).pages[0].extract_text()
        assert "Preview" in text
        assert "This is no invoice" in text
