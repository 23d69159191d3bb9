from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from billing_site.common.clock import now
from catalogue.models import ApiKey, Scope, User
from tests.factories.houses import client_of, head_office, key_of, operator_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def alder():
    return head_office("north", "alder").sales_offices[0]


def problem_of(response, status):
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    return body


@pytest.mark.parametrize(
    "header", [None, "Basic dXNlcjpwYXNz", "Bearer", "Bearer mk_wrong.key", "Bearer \xff"]
)
def test_without_a_key_that_is_known(alder, header):
    client = Client(headers={"Authorization": header} if header else {})
    response = client.get("/api/v1/accounts")
    assert response["WWW-Authenticate"] == 'Bearer realm="meridian"'
    assert problem_of(response, 401)["code"] in ("not_authenticated", "key_refused")


def test_with_an_expired_key(alder):
    ApiKey.objects.filter(company=alder.company).update(expires_at=datetime(2020, 1, 1, tzinfo=UTC))
    response = client_of(alder.key).get("/api/v1/accounts")
    assert response["WWW-Authenticate"] == 'Bearer realm="meridian"'
    problem = problem_of(response, 401)
    assert problem["code"] == "key_refused"
    assert "expired at 2020-01-01" in problem["detail"]


def test_with_a_revoked_key(alder):
    ApiKey.objects.filter(company=alder.company).update(revoked_at=now() - timedelta(seconds=1))
    assert "revoked" in problem_of(client_of(alder.key).get("/api/v1/accounts"), 401)["detail"]


@pytest.mark.parametrize(
    ("path", "scope", "others"),
    [
        ("/api/v1/accounts", "catalogue:read", "billing:read"),
        ("/api/v1/prices", "catalogue:read", "events:write"),
        ("/api/v1/charges", "billing:read", "catalogue:read"),
        ("/api/v1/invoices", "billing:read", "catalogue:write"),
        ("/api/v1/exceptions", "billing:read", "cost:read"),
    ],
)
def test_a_key_needs_the_scope(alder, path, scope, others):
    assert client_of(key_of(alder.company, scope)).get(path).status_code == 200
    problem = problem_of(client_of(key_of(alder.company, others)).get(path), 403)
    assert problem["code"] == "permission_denied"
    assert scope in problem["detail"]


def test_events_need_their_scope(alder):
    client = client_of(key_of(alder.company, Scope.BILLING_READ))
    response = client.post("/api/v1/events", "[]", content_type="application/json")
    assert "events:write" in problem_of(response, 403)["detail"]


def test_a_person_reads_by_the_rights_of_the_roles(alder):
    client = Client()
    client.force_login(operator_of(alder.company, "support"))
    assert client.get("/api/v1/invoices").json()["results"][0]["number"] == "ALDER-2023-00001"
    client.force_login(User.objects.create_user("nobody", company=alder.company))
    assert "catalogue.view_account" in problem_of(client.get("/api/v1/accounts"), 403)["detail"]


def test_a_person_writes_only_with_a_csrf_token(alder):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alder.operator)
    response = client.post("/api/v1/events", "[]", content_type="application/json")
    assert "CSRF" in problem_of(response, 403)["detail"]
