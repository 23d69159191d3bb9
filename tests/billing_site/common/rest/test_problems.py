from base64 import b64encode

import pytest
from django.db import OperationalError
from django.test import Client
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from billing_site.common.errors import BillingError
from billing_site.common.rest.problems import answer_with_problem
from catalogue.api.companies import CompanyViewSet
from tests.factories.houses import client_of, head_office

PROBLEM = "application/problem+json"
pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return client_of(head_office("north").key)


def assert_problem(response, status, code):
    assert response.status_code == status
    assert response["Content-Type"] == PROBLEM
    body = response.json()
    assert {"type", "title", "status", "detail", "code"} <= set(body)
    assert (body["type"], body["status"], body["code"]) == ("about:blank", status, code)
    return body


def test_no_such_address(client):
    for path in ("/api/v1/nothing", "/api/nothing", "/api/", "/api/v2/accounts", "/api/v1/accounts/"):
        assert_problem(client.get(path), 404, "not_found")


def test_no_such_thing_has_the_words_of_no_such_address(client):
    assert client.get("/api/v1/accounts/none").json() == client.get("/api/v1/nothing").json()


def test_wrong_method(client):
    response = client.delete("/api/v1/accounts/north-1")
    assert_problem(response, 405, "method_not_allowed")
    assert "GET" in response["Allow"]


def test_wrong_content_type(client):
    response = client.post("/api/v1/events", "a=b", content_type="application/x-www-form-urlencoded")
    assert_problem(response, 415, "unsupported_media_type")


def test_a_database_that_is_away_asks_to_send_again(client, monkeypatch):
    def lose_the_connection(caller):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(CompanyViewSet, "visible", staticmethod(lose_the_connection))
    response = client.get("/api/v1/companies")
    body = assert_problem(response, 503, "unavailable")
    assert "send the same request again" in body["detail"]
    assert response["Retry-After"] == "5"


def test_a_broken_view(client, monkeypatch):
    monkeypatch.setattr(CompanyViewSet, "visible", staticmethod(lambda caller: 1 / 0))
    client.raise_request_exception = False
    body = assert_problem(client.get("/api/v1/companies"), 500, "server_error")
    assert body["request_id"]
    assert "division" not in str(body)


def test_a_host_that_is_not_served():
    client = Client(raise_request_exception=False)
    assert_problem(client.get("/api/v1/accounts", headers={"host": "evil.example"}), 400, "bad_request")


def test_pages_outside_the_api_are_no_problems(client):
    response = client.get("/nothing")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_whatever_a_client_accepts_it_gets_json(client):
    response = client.get("/api/v1/accounts/north-1", headers={"Accept": "application/xml"})
    assert response["Content-Type"] == "application/json"
    assert_problem(client.get("/api/v1/x", headers={"Accept": "application/xml"}), 404, "not_found")


@pytest.mark.parametrize(("is_conflict", "status"), [(False, 400), (True, 409)])
def test_a_refusal_of_a_service(is_conflict, status):
    class Refused(BillingError):
        code = "refused"

    Refused.is_conflict = is_conflict
    response = answer_with_problem(Refused("Do it otherwise."), {})
    assert response is not None
    assert (response.status_code, response.content_type) == (status, PROBLEM)
    assert (response.data["detail"], response.data["code"]) == ("Do it otherwise.", "refused")


def test_errors_point_at_members_of_the_body():
    class Inner(serializers.Serializer):
        amount = serializers.DecimalField(max_digits=5, decimal_places=2)

    class Outer(serializers.Serializer):
        name = serializers.CharField()
        lines = Inner(many=True)

    form = Outer(data={"lines": [{"amount": "1.00"}, {"amount": "x"}]})
    with pytest.raises(ValidationError) as caught:
        form.is_valid(raise_exception=True)
    response = answer_with_problem(caught.value, {})
    assert response is not None
    assert {error["pointer"] for error in response.data["errors"]} == {"#/name", "#/lines/1/amount"}


@pytest.mark.parametrize(
    "body, sentence",
    [
        pytest.param('{"code": "\\ud800"}', "half a character", id="half a character"),
        pytest.param("[" * 100_000, "nested deeper", id="nested"),
        pytest.param('{"code": NaN}', "JSON parse error", id="no number"),
        pytest.param('{"code": ' + "9" * 5000 + "}", "JSON parse error", id="too many digits"),
        pytest.param(b"\xff\xfe", "JSON parse error", id="no text"),
    ],
)
def test_a_body_that_cannot_be_read(client, body, sentence):
    response = client.post("/api/v1/accounts", body, content_type="application/json")
    assert sentence in assert_problem(response, 400, "parse_error")["detail"]


def test_a_cursor_that_no_page_has(client):
    for text in ("p=%00", "p=a%00b", "o=9999999999", "r=x&p=1"):
        cursor = b64encode(text.encode()).decode()
        response = client.get("/api/v1/currencies", {"cursor": cursor})
        assert response.status_code in (200, 404)
    assert_problem(client.get("/api/v1/currencies", {"cursor": "cD0lMDA="}), 404, "not_found")


def test_a_program_that_sends_to_no_such_address_is_told_so():
    with_csrf = Client(enforce_csrf_checks=True)
    assert_problem(with_csrf.post("/api/v1/nothing", {}), 404, "not_found")


def test_a_body_that_is_too_long(client):
    body = '{"code": "' + "x" * 3_000_000 + '"}'
    response = client.post("/api/v1/accounts", body, content_type="application/json")
    assert "send less at once" in assert_problem(response, 413, "too_large")["detail"]
