import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalogue.models import Account, ExchangeRate
from tests.factories.houses import head_office, operator_of

pytestmark = pytest.mark.django_db
ACCOUNTS, RATES = "admin:catalogue_account_upload", "admin:catalogue_exchangerate_upload"


@pytest.fixture
def north():
    return head_office("north", "alder", "birch")


def send(client, page, text, **form):
    file = SimpleUploadedFile("file.csv", text.encode())
    return client.post(reverse(page), {"file": file, **form}, follow=True)


def told(response):
    return [str(message) for message in response.context["messages"]]


def test_accounts_are_checked_then_taken(client, north):
    client.force_login(north.operator)
    text = "company,code,name,contact_name\nalder,a,Müller,Ada\nbirch,b,,\n"
    assert "check" in client.get(reverse(ACCOUNTS)).content.decode()
    assert told(send(client, ACCOUNTS, text, check="1")) == [
        "Nothing wrong, nothing stored yet: 2 new, 0 changed, 0 unchanged."
    ]
    assert not Account.objects.filter(code="a").exists()
    assert told(send(client, ACCOUNTS, text)) == ["2 new, 0 changed, 0 unchanged."]
    assert Account.objects.get(code="a").contacts.get().name == "Ada"
    assert Account.objects.get(code="a").history.first().pgh_context.metadata["user"] == north.operator.pk


def test_every_wrong_line_is_shown(client, north):
    client.force_login(north.sales_offices[0].operator)
    response = send(client, ACCOUNTS, "company,code,timezone\nalder,a,Mars/Base\nbirch,b,\n")
    (table,) = response.context["tables"]
    assert table.title == "Nothing was stored"
    assert [where for where, _ in table.rows] == ["line 2, timezone", "line 3, company"]
    assert "no company &#x27;birch&#x27; that you reach" in response.content.decode()
    assert not Account.objects.filter(code="a").exists()


def test_no_file(client, north):
    client.force_login(north.operator)
    assert "This field is required" in client.post(reverse(ACCOUNTS)).content.decode()


def test_too_long_a_file_is_skipped_unread(client, north, settings):
    client.force_login(north.operator)
    settings.UPLOAD_MAX_BYTES = 20
    assert (
        "The file is too long: at most 0 MB"
        in send(client, ACCOUNTS, "company,code\nalder,a\n").content.decode()
    )
    assert not Account.objects.filter(code="a").exists()


def test_rates(client, north):
    client.force_login(north.operator)
    assert told(send(client, RATES, "Date,USD,CYP,\n2026-10-02,1.0845,N/A,\n")) == [
        "1 new, 0 changed, 0 unchanged. Left out, because ISO 4217 does not list them: CYP."
    ]
    response = send(client, RATES, "Date,USD\n2026-10-02,soon\n")
    assert response.context["tables"][0].rows[0][1].startswith("Line 2, EUR to USD")
    assert ExchangeRate.objects.count() == 1


def test_who_may_not_add_may_not_upload(client, north):
    client.force_login(operator_of(north.company, "support"))
    for page in (ACCOUNTS, RATES):
        assert client.get(reverse(page)).status_code == 403
        assert send(client, page, "code\na\n").status_code == 403
    assert "Upload" not in client.get(reverse("admin:catalogue_account_changelist")).content.decode()
    client.force_login(north.sales_offices[0].operator)
    assert client.get(reverse(RATES)).status_code == 403
    assert client.get(reverse(ACCOUNTS)).status_code == 200
