import pytest
from django.core.management import call_command


def test_the_schema_has_no_warnings(tmp_path, capsys):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))
    assert "Warnings" not in capsys.readouterr().err


@pytest.mark.django_db
def test_schema_and_docs_are_served_without_a_key_and_without_other_hosts(client):
    schema = client.get("/api/schema/?format=json").json()
    assert "/api/v1/events" in schema["paths"]
    assert "Problem" in schema["components"]["schemas"]
    assert "default" in schema["paths"]["/api/v1/accounts"]["get"]["responses"]
    page = client.get("/api/docs/").content.decode()
    assert "/static/drf_spectacular_sidecar/" in page
    assert "//cdn" not in page


@pytest.mark.django_db
def test_the_root_lists_what_can_be_read(client):
    links = client.get("/api/v1/").json()
    assert links["invoices"] == "http://testserver/api/v1/invoices"
