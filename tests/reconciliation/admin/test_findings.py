"""The page of a finding: both sides with links, and its buttons."""

import pytest
from django.urls import reverse

from reconciliation.models import Finding
from tests.factories.houses import head_office, operator_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def alder(client):
    house = head_office("north", "alder", "birch").sales_offices[0]
    client.force_login(house.operator)
    return house


@pytest.fixture
def finding(alder):
    return Finding.objects.get(company=alder.company)


def dialog(client, finding, name, **fields):
    address = reverse(f"admin:reconciliation_finding_{name}", args=[finding.pk])
    return client.post(address, {"_form_submitted": "on", **fields})


def test_the_page_shows_both_sides_with_links(client, finding):
    page = client.get(reverse("admin:reconciliation_finding_change", args=[finding.pk])).content.decode()
    for title in ("What happened", "Charges", "Invoice lines", "Lifecycle events", "Usage records"):
        assert title in page
    assert "/explanation" in page
    assert "0.15\xa0USD" in page
    assert "Take the events in again, Rate the month again" in page


def test_the_list_narrows_to_what_waits(client, finding):
    address = reverse("admin:reconciliation_finding_changelist")
    assert "alder-vm" in client.get(address, {"waiting": "yes"}).content.decode()
    assert "alder-vm" not in client.get(address, {"waiting": "mine"}).content.decode()
    assert "alder-vm" in client.get(address, {"level": "received_to_rated"}).content.decode()


def test_each_button_does_its_work(client, alder, finding):
    refused = dialog(client, finding, "step", step="accept", reason="").content.decode()
    assert "Say in a sentence why" in refused
    dialog(client, finding, "step", step="explain", reason="A late meter.")
    dialog(client, finding, "comment", text="It came today.")
    dialog(client, finding, "assign", owner="alder-operator")
    answer = dialog(client, finding, "fix", fix="rate_again")
    assert answer.headers["HX-Redirect"].endswith(f"/finding/{finding.pk}/change/")
    finding.refresh_from_db()
    assert (finding.state, finding.owner) == ("explained", alder.operator)
    assert [(change.what, change.by) for change in finding.changes.all()] == [
        ("found", ""),
        ("explain", "alder-operator"),
        ("comment", "alder-operator"),
        ("assign", "alder-operator"),
        ("rate_again", "alder-operator"),
    ]


def test_nobody_works_on_a_stranger_s_finding_or_without_the_right(client, alder, finding):
    foreign = Finding.objects.get(company__code="birch")
    dialog(client, foreign, "comment", text="Mine now.")
    assert dialog(client, foreign, "step", step="investigate", reason="").status_code == 403
    client.force_login(operator_of(alder.company, "auditor"))
    assert dialog(client, finding, "comment", text="Seen.").status_code == 403
    assert set(foreign.changes.values_list("what", flat=True)) == {"found"}
