import pytest

from catalogue.models import Account, Scope
from tests.factories.houses import client_of, head_office, key_of, operator_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return head_office("north", "alder", "birch")


def test_an_account_by_its_code(north):
    alder = north.sales_offices[0]
    body = client_of(alder.key).get("/api/v1/accounts/alder-1").json()
    assert body == {
        "code": "alder-1",
        "company": "alder",
        "name": "Customer of alder",
        "currency": "USD",
        "country": "US",
        "timezone": "UTC",
        "locale": "en",
        "address": "",
        "delivery_address": "",
        "email": "alder@example.com",
        "contacts": [],
        "tax_number": "",
        "tax_treatments": [],
        "late_usage": "next_invoice",
        "payment_days": 30,
        "opened_at": None,
        "external_id": "",
        "usage_annex": False,
    }


def test_the_head_office_sees_the_accounts_of_all_its_offices(north):
    results = client_of(north.key).get("/api/v1/accounts").json()["results"]
    assert [account["code"] for account in results] == ["north-1", "alder-1", "birch-1"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/accounts/{}",
        "/api/v1/charges?account={}",
        "/api/v1/invoices?account={}",
        "/api/v1/exceptions?account={}",
        "/api/v1/resources?account={}",
        "/api/v1/prices?account={}",
    ],
)
def test_a_foreign_account_is_answered_as_one_that_does_not_exist(north, path):
    client = client_of(north.sales_offices[0].key)
    foreign, missing = client.get(path.format("birch-1")), client.get(path.format("nothing"))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert foreign["Content-Type"] == "application/problem+json"


def test_a_key_of_an_account_sees_only_that(north):
    alder = north.sales_offices[0]
    client = client_of(key_of(alder.company, Scope.CATALOGUE_READ, account=alder.account))
    assert [row["code"] for row in client.get("/api/v1/accounts").json()["results"]] == ["alder-1"]
    assert [row["code"] for row in client.get("/api/v1/companies").json()["results"]] == ["alder"]


def test_a_name_that_the_database_refuses_is_not_found(north):
    assert client_of(north.key).get("/api/v1/accounts/%00").status_code == 404


def send(client, path, body, **options):
    return client.generic("POST", path, body, "text/csv", **options)


def post(client, **body):
    return client.post("/api/v1/accounts", body, "application/json")


def pointers(response):
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    return {error["pointer"]: error["detail"] for error in response.json()["errors"]}


def test_an_account_is_opened_then_changed_then_as_sent(north):
    client = client_of(north.key)
    sent = {
        "company": "birch",
        "external_id": "0017",
        "name": "Acme",
        "tax_number": "12-3456789",
        "contacts": [{"name": "Ada", "role": "technical"}],
    }
    opened = post(client, **sent)
    assert opened.status_code == 201
    body = opened.json()
    assert (body["code"], body["company"], body["payment_days"]) == ("birch-0017", "birch", 30)
    assert body["contacts"] == [{"name": "Ada", "email": "", "phone": "", "role": "technical"}]
    again = post(client, **sent)
    assert (again.status_code, again.json()) == (200, body)
    changed = post(client, company="birch", external_id="0017", payment_days=14)
    assert (changed.status_code, changed.json()) == (200, body | {"payment_days": 14})


def test_how_an_account_is_taxed_is_sent_as_a_whole(north):
    client = client_of(north.key)
    owes = {"category": "reverse_charge", "valid_from": "2026-01-01", "valid_to": "2026-07-01"}
    exempt = {"category": "exempt", "reason": "Section 4", "valid_from": "2026-07-01"}
    body = post(client, company="birch", code="x", tax_number="12-3456789", tax_treatments=[owes, exempt])
    assert body.json()["tax_treatments"] == [
        owes | {"reason": "", "certificate": ""},
        exempt | {"certificate": "", "valid_to": None},
    ]
    assert (
        post(client, company="birch", code="x", name="X").json()["tax_treatments"]
        == (body.json()["tax_treatments"])
    )
    changed = post(client, company="birch", code="x", tax_treatments=[exempt]).json()
    assert [row["category"] for row in changed["tax_treatments"]] == ["exempt"]
    assert post(client, company="birch", code="x", tax_treatments=[]).json()["tax_treatments"] == []


@pytest.mark.parametrize(
    ("treatments", "where", "sentence"),
    [
        ([{"category": "exempt", "valid_from": "2026-01-01"}], "1 reason", "An exemption needs its reason"),
        ([{"category": "reverse_charge", "valid_from": "2026-01-01"}], "1 category", "enter its tax number"),
        (
            [{"category": "export", "valid_from": "2026-01-01", "valid_to": "2026-01-01"}],
            *("1 valid_to", "It has to end after the day"),
        ),
        (
            [
                {"category": "export", "valid_from": "2026-01-01"},
                {"category": "zero", "valid_from": "2026-01-01"},
            ],
            *("2 valid_from", "Another one has 2026-01-01, too"),
        ),
    ],
    ids=["no-reason", "no-number", "no-time", "twice"],
)
def test_a_treatment_that_no_invoice_could_print_is_refused(north, treatments, where, sentence):
    told = pointers(post(client_of(north.key), company="birch", code="x", tax_treatments=treatments))
    (pointer,) = told
    assert pointer == f"#/tax treatment {where}"
    assert sentence in told[pointer]
    assert not Account.objects.filter(code="x").exists()


def test_one_company_need_not_be_named(north):
    assert post(client_of(north.sales_offices[0].key), code="new").json()["company"] == "alder"
    assert set(pointers(post(client_of(north.key), code="other"))) == {"#/company"}


def test_a_foreign_company_is_none(north):
    client = client_of(north.sales_offices[0].key)
    assert pointers(post(client, company="birch", code="x")) == pointers(post(client, company="no", code="x"))
    assert "taken" in pointers(post(client, code="birch-1"))["#/code"]


def test_values_that_cannot_be_used_are_told_by_field(north):
    client = client_of(north.key)
    assert set(pointers(post(client, company="alder", code="x", colour="red"))) == {"#/colour"}
    told = pointers(post(client, company="alder", code="x", timezone="Mars/Base", tax_number="00-1234567"))
    assert set(told) == {"#/timezone", "#/tax_number"}
    assert set(pointers(post(client, company="alder", code="x", payment_days=-1))) == {"#/payment_days"}
    assert set(pointers(post(client, company="alder", code="x", contacts=[{}]))) == {"#/contact 1"}
    assert not Account.objects.filter(code="x").exists()


def test_a_patch_changes_what_is_sent(north):
    client = client_of(north.key)
    path = "/api/v1/accounts/alder-1"
    before = client.get(path).json()
    changed = client.patch(
        path, {"address": "Ring 1", "opened_at": "2026-01-01T00:00:00Z"}, "application/json"
    )
    assert changed.status_code == 200
    assert changed.json() == before | {"address": "Ring 1", "opened_at": "2026-01-01T00:00:00Z"}
    assert client.get(path).json() == changed.json()
    assert set(pointers(client.patch(path, {"currency": "EUR"}, "application/json"))) == {"#/currency"}
    assert client.patch("/api/v1/accounts/none", {}, "application/json").status_code == 404
    foreign = client_of(north.sales_offices[1].key)
    assert foreign.patch(path, {"address": "x"}, "application/json").status_code == 404


@pytest.mark.parametrize("scopes", [[Scope.CATALOGUE_READ], [Scope.BILLING_WRITE]])
def test_writing_needs_its_scope(north, scopes):
    client = client_of(key_of(north.company, *scopes))
    assert post(client, company="alder", code="x").status_code == 403
    assert client.patch("/api/v1/accounts/alder-1", {}, "application/json").status_code == 403
    assert send(client, "/api/v1/accounts/import", "code\nx\n").status_code == 403


def test_a_person_needs_the_right(client, north):
    client.force_login(operator_of(north.company, "support"))
    assert client.get("/api/v1/accounts").status_code == 200
    assert post(client, company="alder", code="x").status_code == 403
    client.force_login(north.operator)
    assert post(client, company="alder", code="x").status_code == 201


def test_a_file(north):
    client = client_of(north.key)
    text = "company,code,name\nalder,a,Müller\nbirch,b,\n"
    dry = send(client, "/api/v1/accounts/import?dry_run=true", text)
    assert (dry.status_code, dry.json()) == (200, {"new": 2, "changed": 0, "unchanged": 0})
    assert not Account.objects.filter(code="a").exists()
    assert send(client, "/api/v1/accounts/import", text).json() == {"new": 2, "changed": 0, "unchanged": 0}
    assert send(client, "/api/v1/accounts/import", text).json() == {"new": 0, "changed": 0, "unchanged": 2}


def test_a_file_with_a_wrong_line_changes_nothing(north):
    client = client_of(north.sales_offices[0].key)
    told = pointers(send(client, "/api/v1/accounts/import", "company,code\nalder,a\nbirch,b\n"))
    assert told == {"#/line 3/company": "There is no company 'birch' that you reach: name one of alder."}
    assert not Account.objects.filter(code="a").exists()
    assert "The file is empty" in str(pointers(send(client, "/api/v1/accounts/import", "")))
    assert set(pointers(send(client, "/api/v1/accounts/import?dry=1", "code\na\n"))) == {"#/dry"}
    assert client.post("/api/v1/accounts/import", {}, "application/json").status_code == 415


def test_a_file_that_is_too_large(north, settings):
    settings.CSV_FILE_MAX_BYTES = 5
    assert send(client_of(north.key), "/api/v1/accounts/import", "code\na\n").status_code == 413


def test_the_feed(north):
    client = client_of(north.key)
    path = "/api/v1/accounts/changes"
    first = client.get(f"{path}?page_size=2").json()
    assert [(row["kind"], row["account"]["code"]) for row in first["results"]] == [
        ("created", "north-1"),
        ("created", "alder-1"),
    ]
    assert first["more"] is True
    rest = client.get(f"{path}?cursor={first['cursor']}").json()
    assert [row["account"]["code"] for row in rest["results"]] == ["birch-1"]
    assert rest["more"] is False
    end = client.get(f"{path}?cursor={rest['cursor']}").json()
    assert end == {"cursor": rest["cursor"], "more": False, "results": []}
    client.patch("/api/v1/accounts/birch-1", {"address": "Ring 1"}, "application/json")
    (change,) = client.get(f"{path}?cursor={rest['cursor']}").json()["results"]
    assert (change["kind"], change["fields"]) == ("changed", ["address"])
    assert change["account"]["address"] == "Ring 1"
    alder = client_of(north.sales_offices[0].key).get(path).json()["results"]
    assert [row["account"]["code"] for row in alder] == ["alder-1"]


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=-1", "cursor=99999999999999999999", "page_size=0", "after=1"]
)
def test_a_feed_that_cannot_be_asked_for(north, query):
    told = pointers(client_of(north.key).get(f"/api/v1/accounts/changes?{query}"))
    assert set(told) == {f"#/{query.split('=')[0]}"}
