"""Tables of other systems by the console, for those who may and whom they reach."""

from io import BytesIO

import pytest
from django.urls import reverse

from reconciliation.models import ControlLine, FinanceTotal, OtherInvoice, ReconciliationRequest
from tests.factories.houses import head_office, operator_of

pytestmark = pytest.mark.django_db
CONTROL = b"source,id,resource,hour,quantity\nmeters,u-1,vm,2026-03-05T10:00:00Z,1.5\n"
TOTALS = b"account,currency,month,amount\nalder-1,USD,2023-10,-7.50\n"
EXPORT = b"id,client,date,total\n1,alder-1,2023-10-02,7.50\n"


@pytest.fixture
def alder():
    return head_office("north", "alder", "birch").sales_offices[0]


@pytest.fixture
def console(client, alder):
    client.force_login(alder.operator)
    return client


def upload(console, model, content, **more):
    address = reverse(f"admin:reconciliation_{model}_upload")
    answer = console.post(address, {"file": BytesIO(content), **more}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_control_file(console, alder):
    assert "1 stored, 0 removed" in upload(console, "controlday", CONTROL)
    assert ControlLine.objects.get(event_id="u-1").company_id == alder.company.pk
    assert "line 2, quantity" in upload(console, "controlday", CONTROL.replace(b"1.5", b"x"))


def test_finance_s_totals_checked_turned_and_taken(console):
    assert "1 of 1 amounts are below 0" in upload(console, "financetotal", TOTALS)
    assert "nothing stored yet" in upload(console, "financetotal", TOTALS, signs="reversed", check="1")
    assert not FinanceTotal.objects.filter(month="2023-10-01").exists()
    assert "1 new" in upload(console, "financetotal", TOTALS, signs="reversed")
    assert FinanceTotal.objects.get(month="2023-10-01").amount > 0
    assert "that you reach" in upload(console, "financetotal", TOTALS.replace(b"alder-1", b"birch-1"))


def test_another_system_s_invoices(console):
    given = {"company": "alder", "mapping": "alder system"}
    assert "1 new" in upload(console, "otherinvoice", EXPORT, **given)
    assert OtherInvoice.objects.filter(company__code="alder", number="1").exists()
    assert "has no mapping" in upload(console, "otherinvoice", EXPORT, **given | {"mapping": "Excel"})
    page = upload(console, "otherinvoice", EXPORT, **given | {"company": "birch"})
    assert "not one of the available choices" in page


def test_a_reconciliation_is_asked_for(console, alder):
    address = reverse("admin:reconciliation_reconciliationrun_ask")
    assert console.get(address).status_code == 200
    form = {
        "company": alder.company.pk,
        "starts_on": "2023-09-01",
        "ends_on": "2023-09-02",
        "tolerance": "1",
        "levels": ["received_to_rated"],
    }
    answer = console.post(address, form, follow=True)
    assert "A worker compares it" in answer.content.decode()
    asked = ReconciliationRequest.objects.get(tolerance=1)
    assert (asked.levels, asked.requested_by) == (["received_to_rated"], alder.operator)
    refused = console.post(address, form | {"ends_on": "2023-09-01"})
    assert "ask for at least one" in refused.content.decode()


def test_who_only_looks_uploads_and_asks_nothing(client, alder):
    client.force_login(operator_of(alder.company, "auditor"))
    for name in ("controlday_upload", "financetotal_upload", "otherinvoice_upload", "reconciliationrun_ask"):
        assert client.get(reverse(f"admin:reconciliation_{name}")).status_code == 403
