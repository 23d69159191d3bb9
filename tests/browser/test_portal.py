"""A customer's way through the portal, on a desktop and on a phone."""

import pytest
from django.urls import reverse

from catalogue.models import User
from invoicing.services.documents import render_document
from tests.factories.invoices import Line, Tax, account, company, issued_invoice

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 812}


@pytest.fixture
def customer(transactional_db):
    seller = company("JP", currency_code="JPY", minor_units=0, name="メリディアンクラウド株式会社")
    buyer = account(
        "acct-jp-1",
        of=seller,
        name="株式会社青葉計算センター",
        locale="ja_JP",
        timezone="Asia/Tokyo",
        address="〒980-0001\n宮城県仙台市青葉区中央九丁目2番3号",
    )
    invoice = issued_invoice(
        buyer,
        number="JP-2023-00001",
        lines=[
            Line("16118", resource="vm-1001-japaneast", quantity="172.3525", unit_price="93.51795"),
            Line(
                "59052",
                resource="/subscriptions/0a1b2c3d/resourceGroups/production/virtualMachines/database-primary-01",
            ),
            Line("434", family="Storage", resource="disk-7", unit="GB", quantity="43.4", unit_price="10"),
        ],
        taxes=[Tax("7560", percent="10", name="消費税")],
    )
    render_document(owner="invoice", key=invoice.pk)
    user = User.objects.create_user("customer", password="a long password")
    user.accounts.add(buyer)
    return user


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_customer_signs_in_reads_an_invoice_and_downloads_it(customer, live_server, browser, screen):
    page = browser.new_page(viewport=screen, base_url=live_server.url)
    outside, complaints = [], []
    page.on("request", lambda request: outside.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto("/")
    page.get_by_label("User name").fill("customer")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="JP-2023-00001", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "Invoice JP-2023-00001"
    page.get_by_text("Why this amount?").first.click()
    assert page.get_by_text("172.3525 hour at JPY\u00a093.51795 each.").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == screen["width"]
    page.get_by_role("link", name="Invoice JP-2023-00001").click()
    assert page.evaluate("document.documentElement.scrollWidth") == screen["width"]
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PDF").click()
    assert download.value.suggested_filename == "JP-2023-00001.pdf"
    page.get_by_role("button", name="Sign out").click()
    assert page.url == live_server.url + reverse("portal:login")
    assert [address for address in outside if not address.startswith(live_server.url)] == []
    assert complaints == []
