import pytest
from django.db import DatabaseError, connection


def test_a_live_process_answers_without_asking_anyone(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.fixture
def broker(settings):
    settings.CELERY_BROKER_URL = "memory://"


@pytest.mark.django_db
def test_ready_when_all_is_there(client, broker):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "broker": "ok"},
        "notes": {"unrated": "ok"},
    }


@pytest.mark.django_db
def test_a_broker_that_is_away_is_named(client, settings, tmp_path):
    settings.CELERY_BROKER_URL = f"redis+socket://{tmp_path}/nobody.sock"
    response = client.get("/readyz")
    assert response.status_code == 503
    checks = response.json()["checks"]
    assert "BROKER_URL" in checks.pop("broker")
    assert set(checks.values()) == {"ok"}


@pytest.mark.django_db
def test_waiting_migrations_are_counted(client, broker):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'reconciliation'")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"].endswith("wait; run manage.py migrate.")


@pytest.mark.django_db
def test_a_database_that_is_away_is_named(client, broker):
    def away(*_statement):
        raise DatabaseError("away")

    with connection.execute_wrapper(away):
        response = client.get("/readyz")
    assert response.status_code == 503
    checks = response.json()["checks"]
    assert "DATABASE_URL" in checks["database"]
    assert checks["broker"] == "ok"
