import re

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import User
from invoicing.models import CreditNote, Invoice
from invoicing.services.documents import render_document
from tests.factories.houses import head_office
from tests.factories.invoices import Line, Tax, account, company, issued_invoice

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def without_token(content):
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", content)


@pytest.fixture
def kuwaiti():
    seller = company("KW", currency_code="KWD", minor_units=3)
    return account("acct-kw-1", of=seller, name="شركة لؤلؤة", locale="ar_KW", timezone="Asia/Kuwait")


@pytest.fixture
def invoice(kuwaiti):
    return issued_invoice(
        kuwaiti,
        number="KW-2023-00001",
        lines=[
            Line("2.753", resource="vm-1", quantity="346.333333333333", unit_price="0.00795"),
            Line("0.400", resource="vm-1", kind="true_up", quantity=None, unit_price=None, unit=""),
        ],
        taxes=[Tax("0.158", percent="5")],
    )


@pytest.fixture
def customer(kuwaiti):
    user = User.objects.create_user("customer", password=PASSWORD)
    user.accounts.add(kuwaiti)
    return user


def test_the_pages_ask_to_sign_in(invoice):
    for name, arguments in [("home", []), ("invoice", [invoice.pk]), ("invoice_pdf", [invoice.pk])]:
        address = reverse(f"portal:{name}", args=arguments)
        assert Client().get(address)["Location"] == f"{reverse('portal:login')}?next={address}"


def test_signing_in_leads_to_what_was_asked_for(invoice, customer):
    client, address = Client(), reverse("portal:invoice", args=[invoice.pk])
    wrong = client.post(reverse("portal:login"), {"username": "customer", "password": "wrong"})
    assert b"do not match" in wrong.content
    right = {"username": "customer", "password": PASSWORD, "next": address}
    assert client.post(reverse("portal:login"), right)["Location"] == address
    assert client.post(reverse("portal:logout"))["Location"] == reverse("portal:login")
    assert client.get(address).status_code == 302


def test_home_lists_period_total_and_pdf(invoice, customer):
    page = signed_in(customer).get(reverse("portal:home")).content.decode()
    assert "KW-2023-00001" in page
    assert "سبتمبر 2023" in page
    assert "3.311\u00a0KWD" in page
    assert "PDF is being made" in page
    render_document(owner="invoice", key=invoice.pk)
    assert reverse("portal:invoice_pdf", args=[invoice.pk]) in signed_in(customer).get("/").content.decode()


def test_home_without_invoices():
    assert b"There is no invoice yet" in signed_in(User.objects.create_user("new")).get("/").content


def test_the_invoice_line_by_line(invoice, customer):
    page = signed_in(customer).get(reverse("portal:invoice", args=[invoice.pk])).content.decode()
    for shown in ["346.333333", "0.00795", "2.753", "3.153", "0.158", "3.311\u00a0KWD", "Why this amount?"]:
        assert shown in page
    assert 'href="lines/1/"' in page
    assert '<bdi dir="rtl">شركة لؤلؤة</bdi>' in page


def test_pages_hold_no_script_style_or_outside_address(invoice, customer):
    client = signed_in(customer)
    for address in ["/", reverse("portal:invoice", args=[invoice.pk])]:
        page = client.get(address).content.decode()
        assert "<script" not in page
        assert "style=" not in page
        assert "<style" not in page
        assert "//" not in page.replace("<!DOCTYPE html>", "")


def test_the_pdf_is_downloaded_under_its_number(invoice, customer):
    client, address = signed_in(customer), reverse("portal:invoice_pdf", args=[invoice.pk])
    early = client.get(address, follow=True)
    assert early.redirect_chain == [(reverse("portal:invoice", args=[invoice.pk]), 302)]
    assert b"try again in a minute" in early.content
    render_document(owner="invoice", key=invoice.pk)
    response = client.get(address)
    assert response["Content-Disposition"] == 'attachment; filename="KW-2023-00001.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response.streaming_content).startswith(b"%PDF-1.7")


def test_strangers_get_the_answer_of_what_does_not_exist():
    north = head_office("north", "alder", "birch")
    alder, birch = north.sales_offices
    customer = User.objects.create_user("customer")
    customer.accounts.add(alder.account)
    own = Invoice.objects.get(account=alder.account).pk
    foreign = Invoice.objects.get(account=birch.account).pk
    unknown = "01890000-0000-7000-8000-000000000000"
    for person in [customer, alder.operator]:
        client = signed_in(person)
        for name in ["invoice", "invoice_pdf", "invoice_csv"]:
            assert client.get(reverse(f"portal:{name}", args=[own])).status_code == 200
            answers = [client.get(reverse(f"portal:{name}", args=[pk])) for pk in (foreign, unknown)]
            assert [answer.status_code for answer in answers] == [404, 404]
            assert without_token(answers[0].content) == without_token(answers[1].content)
        answers = [client.get(reverse("portal:line", args=[pk, 1])) for pk in (own, foreign, unknown)]
        assert [answer.status_code for answer in answers] == [200, 404, 404]
        assert b"BIRCH" not in client.get("/").content
    assert b"BIRCH" in signed_in(north.operator).get("/").content


def test_a_page_costs_the_same_queries_whatever_its_length(customer, kuwaiti, django_assert_num_queries):
    invoice = issued_invoice(kuwaiti, lines=[Line("1.000", resource=f"vm-{n}") for n in range(300)])
    client = signed_in(customer)
    # Session, person, reach, row, credit notes, taxes, families, and three of the lines.
    with django_assert_num_queries(10):
        assert client.get(reverse("portal:invoice", args=[invoice.pk])).status_code == 200


def test_the_lines_come_page_by_page_with_the_sums_of_whole_resources(customer, kuwaiti):
    lines = [Line("1.000", resource=f"vm-{number // 2:03}") for number in range(201)]
    invoice = issued_invoice(kuwaiti, lines=[*lines, Line("5.500", family="Storage", resource="disk")])
    client, address = signed_in(customer), reverse("portal:invoice", args=[invoice.pk])
    first, last = (client.get(address, {"page": page}).content.decode() for page in ("1", "3"))
    assert (first.count("Why this amount?"), last.count("Why this amount?")) == (100, 2)
    assert ("vm-049" in first, "vm-050" in first, "Page 1 of 3" in first) == (True, False, True)
    assert ("vm-100" in last, "disk" in last) == (True, True)
    for page in (first, last):
        assert "201.000" in page  # the family, in the summary
        assert "206.500" in page
    for page in ["0", "999999", "9999999999", "-1", "x", "²"]:
        assert client.get(address, {"page": page}).status_code == 200


def test_a_search_finds_resources_and_products(customer, kuwaiti):
    lines = [Line("1.000", resource=f"vm-{number}") for number in range(120)]
    invoice = issued_invoice(kuwaiti, lines=[*lines, Line("5.500", resource="DISK_7")])
    client, address = signed_in(customer), reverse("portal:invoice", args=[invoice.pk])
    page = client.get(address, {"q": "disk_"}).content.decode()
    assert page.count("Why this amount?") == 1
    assert "1 line with “disk_”" in page
    assert "&lt;b&gt;" in client.get(address, {"q": "<b>"}).content.decode()
    assert client.get(address, {"q": "\0"}).status_code == 200


def test_a_line_says_why(invoice, customer):
    client = signed_in(customer)
    page = client.get(reverse("portal:line", args=[invoice.pk, 1])).content.decode()
    assert "346.333333 hour at 0.00795\u00a0KWD each" in page
    assert "rounded once, on this line: 2.753\u00a0KWD" in page
    true_up = client.get(reverse("portal:line", args=[invoice.pk, 2])).content.decode()
    assert "least amount for each billing period" in true_up
    assert client.get(reverse("portal:line", args=[invoice.pk, 3])).status_code == 404
    assert client.get(f"/invoices/{invoice.pk}/lines/{10**20}/").status_code == 404


def test_the_lines_as_csv(kuwaiti, customer):
    lines = [Line("2.753", resource="=vm", quantity="346.333333333333", unit_price="0.00795"), Line("-1.000")]
    invoice = issued_invoice(kuwaiti, lines=lines)
    response = signed_in(customer).get(reverse("portal:invoice_csv", args=[invoice.pk]))
    assert response["Content-Disposition"] == 'attachment; filename="DE-2023-00001.csv"'
    rows = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert rows[1] == (
        '1,charge,Compute,\'=vm,vm.small,"Virtual machine, small",2023-09-01T03:00:00+03:00,'
        "2023-10-01T03:00:00+03:00,346.333333333333,hour,0.00795,2.753,KWD,standard"
    )
    assert rows[2].endswith(",-1.000,KWD,standard")


def test_a_credit_note_is_shown_and_downloaded(client):
    """The factory's file says whose it is."""
    alder = head_office("north", "alder", "birch").sales_offices[0]
    customer = User.objects.create_user("alder-customer")
    customer.accounts.add(alder.account)
    client.force_login(customer)
    note = CreditNote.objects.get(company=alder.company)
    page = client.get(reverse("portal:credit_note", args=[note.pk])).content.decode()
    for shown in [
        "ALDER-CN-2023-00001",
        "ALDER-2023-00001",
        "alder goodwill",
        "USD\N{NO-BREAK SPACE}2.48",
        "Download PDF",
    ]:
        assert shown in page
    download = client.get(reverse("portal:credit_note_pdf", args=[note.pk]))
    assert b"".join(download.streaming_content) == b"%PDF-1.7 of alder"
    foreign = CreditNote.objects.exclude(company=alder.company).first()
    assert client.get(reverse("portal:credit_note_pdf", args=[foreign.pk])).status_code == 404
