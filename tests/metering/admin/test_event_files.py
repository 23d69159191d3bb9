import gzip

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from metering.models import LifecycleEvent, UsageEvent
from tests.factories.houses import head_office, operator_of

pytestmark = pytest.mark.django_db
PAGE = "admin:metering_ingestbatch_upload"
TABLE = (
    "type,source,id,time,resource,account,items,sku,quantity\n"
    "created,orders,e1,2026-03-01T09:00:00Z,vm-9,alder-1,VM=2,,\n"
    "usage,meters,u1,2026-03-01T09:00:00Z,vm-9,,,NET,1.5\n"
)


@pytest.fixture
def alder():
    return head_office("north", "alder").sales_offices[0]


def send(client, content, name="events.csv"):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return client.post(reverse(PAGE), {"file": file}, follow=True)


def told(response):
    return [str(message) for message in response.context["messages"]]


def test_a_file_is_taken_for_the_company_of_who_sends_it(client, alder):
    client.force_login(alder.operator)
    assert "resource (of all but usage without a resource)" in client.get(reverse(PAGE)).content.decode()
    assert told(send(client, TABLE)) == ["2 accepted."]
    assert told(send(client, gzip.compress(TABLE.encode()), "again.gz")) == ["2 duplicate."]
    for stored in (LifecycleEvent.objects.get(event_id="e1"), UsageEvent.objects.get(event_id="u1")):
        assert stored.company_id == alder.company.pk
        assert stored.head_office_id == alder.company.parent_id


def test_bad_lines_are_shown_and_the_good_ones_stand(client, alder):
    client.force_login(alder.operator)
    response = send(client, TABLE + "usage,meters,u2,2026-03-01T09:00:00Z,vm-9,,,NET,-1\n")
    (table,) = response.context["tables"]
    assert table.title == "2 accepted, 1 rejected. These were not taken"
    assert [where for where, _ in table.rows] == ["line 4"]
    assert "rejected meters u2: data.quantity -1 is below 0" in response.content.decode()
    assert UsageEvent.objects.filter(event_id="u1").exists()


def test_a_file_that_is_none_of_these_takes_nothing(client, alder):
    client.force_login(alder.operator)
    (table,) = send(client, "when,what\n").context["tables"]
    assert table.title == "Nothing was stored"
    assert "is not known" in table.rows[0][1]


def test_who_may_not_add_events_may_not_upload(client, alder):
    client.force_login(operator_of(alder.company, "support"))
    assert client.get(reverse(PAGE)).status_code == 403
    assert send(client, TABLE).status_code == 403
    assert not LifecycleEvent.objects.filter(event_id="e1").exists()
